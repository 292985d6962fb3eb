// SPDX-License-Identifier: ISC
#include "base/network.hpp"

#include "base/split.hpp"

#include <algorithm>
#include <span>

namespace base {

Address network_of(const Address& address, const Prefixes& prefixes) {
  constexpr unsigned octet = 8, before_ipv4 = 96;
  const auto bits = address.is_ipv4() ? before_ipv4 + prefixes.ipv4 : prefixes.ipv6;
  auto network = address;
  if (auto rest = std::span(network.octets).subspan(bits / octet); !rest.empty()) {
    rest[0] = static_cast<std::uint8_t>(rest[0] & 0xff00u >> bits % octet);
    std::ranges::fill(rest.subspan(1), std::uint8_t{0});
  }
  return network;
}

Address network_of_client(const Address& address, const Prefixes& prefixes) {
  constexpr Address well_known{{0, 0x64, 0xff, 0x9b}};
  if (network_of(address, {32, 96}) != well_known)
    return network_of(address, prefixes);
  const auto ipv4 = std::span(address.octets).last(4);
  return network_of(Address::of_octets(std::as_bytes(ipv4)), prefixes);
}

std::optional<Network> Network::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = Address::parse(text.substr(0, slash));
  if (!address)
    return {};
  Network network;
  auto& bits = address->is_ipv4() ? network.prefixes_.ipv4 : network.prefixes_.ipv6;
  if (slash != text.npos) {
    const auto given = parse_unpadded_number<unsigned>(text.substr(slash + 1));
    if (!given || *given > bits)
      return {};
    bits = *given;
  }
  network.first_ = network_of(*address, network.prefixes_);
  return network;
}

unsigned Network::free_bits() const {
  constexpr Prefixes whole;
  return first_.is_ipv4() ? whole.ipv4 - prefixes_.ipv4 : whole.ipv6 - prefixes_.ipv6;
}

std::optional<Networks> Networks::parse(std::string_view text) {
  if (text.empty() || text.ends_with(','))
    return {};
  Networks networks;
  networks.text_ = text;
  while (!text.empty()) {
    const auto word = take_field(text, ',');
    if (word == "local") {
      networks.has_local_ = true;
      continue;
    }
    const auto network = Network::parse(word);
    if (!network || networks.networks_.size() == most)
      return {};
    networks.networks_.push_back(*network);
  }
  return networks;
}

bool Networks::contains(const std::optional<Address>& address) const {
  if (!address)
    return has_local_;
  return std::ranges::any_of(networks_,
                             [&](const Network& network) { return network.contains(*address); });
}

} // namespace base
