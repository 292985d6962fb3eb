// SPDX-License-Identifier: ISC
// The client behind a proxy. Runs in the monitor, which takes
// the front's word for what the header said: the front has heard nobody but the proxy when it says
// so, and it may say it once.
#pragma once

#include "base/address.hpp"
#include "config/settings.hpp"
#include "ipc/request.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace monitor {

struct ProxiedClient {
  /// Nothing: the proxy itself, or somebody of whom it has no address. Version 1 has no LOCAL, so
  /// that a proxy that asks how we are may give its own address, or one that leads nowhere but to
  /// its own host.
  std::optional<base::Address> address;
  bool is_protected = false;
  std::string certificate; ///< The common name of one that was shown and verified; or empty.
};

/// The client is protected when the header says that it came to the proxy by TLS, and not when it
/// says that it did not. A header that is silent about it leaves that to the settings, or to the
/// client being on this host: `from_here` says that the proxy is, which a client of the proxy's own
/// host is then as well. `proxy` is the proxy's address as text. Throws ProtocolViolation when
/// there is no address in the request, or one that is not in its canonical form.
ProxiedClient client_of(const ipc::ProxyRequest& request, const config::Settings& settings,
                        std::string_view proxy, bool from_here);

} // namespace monitor
