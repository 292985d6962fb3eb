// SPDX-License-Identifier: ISC
#include "server/connection.hpp"

namespace server {

front::ClientSecurity security_of(const config::Settings& settings, const Connection& connection) {
  return {settings.tls == config::Settings::Tls::wrapped || connection.is_local(),
          !connection.distinguished_name.empty()};
}

} // namespace server
