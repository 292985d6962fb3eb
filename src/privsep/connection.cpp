// SPDX-License-Identifier: ISC
#include "privsep/connection.hpp"

namespace privsep {

Offer offer_of(const base::Settings& settings, const Connection& connection) {
  return {settings.tls == base::Settings::Tls::wrapped || connection.is_local(),
          !connection.distinguished_name.empty()};
}

} // namespace privsep
