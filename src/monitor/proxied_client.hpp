// SPDX-License-Identifier: ISC
// The client behind a proxy. Runs in the monitor, which accepts what the front reports of the
// header: at that time the front has read only from the proxy, and it may report once.
#pragma once

#include "base/address.hpp"
#include "config/settings.hpp"
#include "ipc/request.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace monitor {

struct ProxiedClient {
  /// Nothing for the proxy itself, and for a client whose address the proxy does not have. Version
  /// 1 has no LOCAL, so for a health check a proxy may give its own address, or one that leads only
  /// to its own host.
  std::optional<base::Address> address;
  bool is_protected = false;
  std::string certificate; ///< The common name in a verified client certificate, or empty.
};

/// Decodes the client in `request`. The client is protected when the header says that it came to
/// the proxy by TLS, and not protected when the header says that it did not. If the header does not
/// say it, the client is protected when the settings say so, or when it is on this host:
/// `from_here` means that the proxy is on this host, and a client on the proxy's own host then is
/// as well. `proxy` is the proxy's address as text. Throws ProtocolViolation when there is no
/// address in the request, or one that is not in its canonical form.
ProxiedClient client_of(const ipc::ProxyRequest& request, const config::Settings& settings,
                        std::string_view proxy, bool from_here);

} // namespace monitor
