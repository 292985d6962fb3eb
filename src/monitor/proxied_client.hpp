// SPDX-License-Identifier: ISC
// The client behind a proxy. Runs in the monitor, which accepts what the front reports of the
// header: at that time the front has read only from the proxy, and it may report once.
#pragma once

#include "base/client.hpp"
#include "config/settings.hpp"
#include "ipc/request.hpp"

namespace monitor {

/// The client behind `proxy`, as `request` gives it. It has the proxy's own address when it is the
/// proxy itself, and when the proxy does not have its address. Version 1 has no LOCAL, so for a
/// health check a proxy may give its own address, or one that leads only to its own host. The
/// client is protected when the header says that it came to the proxy by TLS, and not protected
/// when the header says that it did not. If the header does not say it, the client is protected
/// when the settings say so, or when it is on this host: then the proxy is, too.
base::Client client_behind(const base::Client& proxy, const ipc::ProxyRequest& request,
                           const config::Settings& settings);

} // namespace monitor
