// SPDX-License-Identifier: ISC
#include "admin/check/check.hpp"

#include <algorithm>
#include <cstring>
#include <ifaddrs.h>
#include <memory>
#include <netinet/in.h>
#include <sys/socket.h>

namespace admin {

namespace {

using config::Settings;

/// 256 addresses, as many as one small network has: proxies and little else.
constexpr unsigned most_free_bits = 8;

constexpr std::string_view by_local_socket =
    "Let the proxy connect by a local socket: proxy-networks = local, and proxy-account";

/// The networks of loopback addresses, and the addresses of this host's interfaces.
std::vector<base::Network> networks_of_host() {
  std::vector<base::Network> found{*base::Network::parse("127.0.0.0/8"),
                                   *base::Network::parse("::1")};
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0)
    return found;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, ::freeifaddrs);
  for (const auto* one = list; one != nullptr; one = one->ifa_next) {
    const auto family = one->ifa_addr != nullptr ? one->ifa_addr->sa_family : AF_UNSPEC;
    sockaddr_storage address{};
    if (family == AF_INET || family == AF_INET6)
      std::memcpy(&address, one->ifa_addr,
                  family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
    if (const auto own = base::Address::of(address))
      found.push_back(*base::Network::parse(own->text()));
  }
  return found;
}

bool has_own_address(const base::Networks& proxies) {
  const auto own = networks_of_host();
  return std::ranges::any_of(proxies.networks(), [&](const base::Network& network) {
    return std::ranges::any_of(own, [&](const auto& one) { return network.overlaps(one); });
  });
}

bool has_wide_network(const base::Networks& proxies) {
  return std::ranges::any_of(proxies.networks(), [](const base::Network& network) {
    return network.free_bits() > most_free_bits;
  });
}

/// An error where a false header is a login as any user; else a warning, as it is a false address.
void report_open(const Settings& settings, std::string_view who, std::string_view remedy,
                 Findings& findings) {
  const auto where = "proxy-networks = " + settings.proxy_networks.text();
  const auto what = std::string(who) + " may send a header that names any client";
  if (settings.external == Settings::External::off)
    findings.warning("proxy-networks-open", where, what, std::string(remedy));
  else
    findings.error("proxy-networks-open", where, what + " and, with external, log in as any user",
                   std::string(remedy));
}

void check_account(const CheckContext& context, Findings& findings) {
  const auto& name = context.settings.proxy_account;
  if (name.empty())
    return; // a contradiction, and reported as such
  const auto account = account_in_etc(context, name);
  const FindingsAt at("proxy-account = " + name, findings);
  if (!account)
    at.error("proxy-account-missing", "there is no such account", "Name the account of the proxy");
  else if (account->identity.uid == base::overflow_uid)
    at.error("proxy-account-overflow", "this account stands for all that are not known",
             "Run the proxy under an account of its own, and name that");
}

void check_unused(const Settings& settings, Findings& findings) {
  const bool is_off = settings.proxy == Settings::Proxy::off;
  if (is_off && !settings.proxy_networks.empty())
    findings.warning("settings-unused", "proxy-networks",
                     "it means nothing without proxy = required",
                     "Set proxy = required, or remove the line");
  if (!settings.proxy_account.empty() && !settings.has_local_proxies())
    findings.warning("settings-unused", "proxy-account",
                     "it means nothing without proxy = required and local in proxy-networks",
                     "Set proxy-networks = local, or remove the line");
}

} // namespace

void check_proxy(const CheckContext& context, Findings& findings) {
  const auto& settings = context.settings;
  check_unused(settings, findings);
  if (settings.proxy == Settings::Proxy::off)
    return;
  if (settings.has_local_proxies())
    check_account(context, findings);
  if (has_own_address(settings.proxy_networks))
    report_open(settings, "every program on this host", by_local_socket, findings);
  if (has_wide_network(settings.proxy_networks))
    report_open(settings, "every host of a large network", "Name the addresses of the proxies",
                findings);
}

} // namespace admin
