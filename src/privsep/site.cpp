// SPDX-License-Identifier: ISC
#include "privsep/site.hpp"

namespace privsep {

bool is_protected(const base::Settings& settings, const Connection& connection) {
  return settings.tls == base::Settings::Tls::wrapped || connection.is_local();
}

void offer(pop3::Site& site, const base::Settings&, bool is_protected) {
  site.is_protected = is_protected;
}

} // namespace privsep
