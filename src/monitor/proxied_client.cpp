// SPDX-License-Identifier: ISC
#include "monitor/proxied_client.hpp"

namespace monitor {

namespace {

using Origin = proxy_protocol::Header::Origin;
using Tls = proxy_protocol::Header::Tls;

bool is_protected(const ipc::ProxyRequest& request, const std::optional<base::Address>& client,
                  const base::Client& proxy, const config::Settings& settings) {
  if (request.tls != Tls::unknown)
    return request.tls == Tls::yes;
  const bool is_on_its_host = client ? client->is_loopback() : request.origin == Origin::proxy;
  return settings.tls == config::Settings::Tls::wrapped || (proxy.is_local() && is_on_its_host);
}

/// True for a client on the proxy's own host, which counts as the proxy. A loopback address of
/// another host is not one of this host.
bool is_on_host_of(const base::Client& proxy, const base::Address& client) {
  return client == proxy.address || (!proxy.is_local() && client.is_loopback());
}

} // namespace

base::Client client_behind(const base::Client& proxy, const ipc::ProxyRequest& request,
                           const config::Settings& settings) {
  base::Client client{.peer = proxy.peer, .has_own_address = proxy.has_own_address};
  if (request.origin == Origin::client)
    client.address = request.source;
  client.is_protected = is_protected(request, client.address, proxy, settings);
  client.certificate.common_name.assign(request.common_name.data(), request.name_length);
  if (!client.address || is_on_host_of(proxy, *client.address))
    client.address = proxy.address;
  return client;
}

} // namespace monitor
