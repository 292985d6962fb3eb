// SPDX-License-Identifier: ISC
#include "monitor/proxied_client.hpp"

#include "ipc/channel.hpp"

namespace monitor {

namespace {

using Origin = proxy_protocol::Header::Origin;
using Tls = proxy_protocol::Header::Tls;

std::optional<base::Address> address_in(const ipc::ProxyRequest& request) {
  if (request.origin != Origin::client)
    return {};
  const std::string_view text(request.source.data()); // decode_request has checked that it ends
  auto address = base::Address::parse(text);
  if (!address || address->text() != text)
    throw ipc::ProtocolViolation("a client without an address");
  return address;
}

bool is_protected(const ipc::ProxyRequest& request, const ProxiedClient& client,
                  const config::Settings& settings, bool from_here) {
  if (request.tls != Tls::unknown)
    return request.tls == Tls::yes;
  const bool is_on_its_host =
      client.address ? client.address->is_loopback() : request.origin == Origin::proxy;
  return settings.tls == config::Settings::Tls::wrapped || (from_here && is_on_its_host);
}

/// True for a client on the proxy's own host, which counts as the proxy. A loopback address of
/// another host is not one of this host.
bool is_on_host_of(const base::Address& client, std::string_view proxy) {
  const auto address = base::Address::parse(proxy);
  const bool is_elsewhere = address && !address->is_loopback();
  return client.text() == proxy || (is_elsewhere && client.is_loopback());
}

} // namespace

ProxiedClient client_of(const ipc::ProxyRequest& request, const config::Settings& settings,
                        std::string_view proxy, bool from_here) {
  ProxiedClient client;
  client.address = address_in(request);
  client.is_protected = is_protected(request, client, settings, from_here);
  if (client.address && is_on_host_of(*client.address, proxy))
    client.address.reset();
  client.certificate.assign(request.common_name.data(), request.name_length);
  return client;
}

} // namespace monitor
