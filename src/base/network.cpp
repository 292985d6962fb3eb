// SPDX-License-Identifier: ISC
#include "base/network.hpp"

#include "base/number.hpp"

#include <algorithm>
#include <arpa/inet.h>

namespace base {

namespace {

struct Octets {
  std::array<std::uint8_t, 16> at{};
  unsigned length = 0;
};

/// The octets of an address, in whose canonical text IPv4 is not mapped into IPv6.
Octets octets_of(const Address& address) {
  Octets octets;
  octets.length = inet_pton(AF_INET, address.text().c_str(), octets.at.data()) == 1 ? 4 : 16;
  if (octets.length == 16)
    inet_pton(AF_INET6, address.text().c_str(), octets.at.data());
  return octets;
}

/// Parses a decimal number up to `most`, without sign or leading zero.
std::optional<unsigned> parse_bits(std::string_view text, unsigned most) {
  const auto bits = parse_unpadded_number<unsigned>(text);
  return bits && *bits <= most ? bits : std::nullopt;
}

} // namespace

std::optional<Network> Network::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = Address::parse(text.substr(0, slash));
  if (!address)
    return {};
  const auto octets = octets_of(*address);
  const unsigned most = 8 * octets.length;
  const auto bits = slash == text.npos ? most : parse_bits(text.substr(slash + 1), most);
  if (!bits)
    return {};
  Network network;
  network.octets_ = octets.at;
  network.length_ = octets.length;
  network.bits_ = *bits;
  return network;
}

bool Network::contains(const Address& address) const {
  const auto octets = octets_of(address);
  if (octets.length != length_)
    return false;
  const auto whole = bits_ / 8;
  if (!std::equal(octets_.begin(), octets_.begin() + whole, octets.at.begin()))
    return false;
  const auto mask = static_cast<std::uint8_t>(0xff00 >> (bits_ % 8));
  return bits_ % 8 == 0 || ((octets_[whole] ^ octets.at[whole]) & mask) == 0;
}

std::string network_of(const Address& address, unsigned ipv4_bits, unsigned ipv6_bits) {
  const auto octets = octets_of(address);
  auto left = octets.length == 4 ? ipv4_bits : ipv6_bits;
  std::string network(octets.length, '\0');
  for (std::size_t i = 0; i < network.size(); ++i) {
    const auto bits = std::min(left, 8u);
    network[i] = static_cast<char>(octets.at[i] & 0xff00u >> bits);
    left -= bits;
  }
  return network;
}

std::optional<Networks> Networks::parse(std::string_view text) {
  Networks networks;
  networks.text_ = text;
  for (bool more = true; more;) {
    const auto word = text.substr(0, text.find(','));
    more = word.size() < text.size();
    text.remove_prefix(word.size() + (more ? 1 : 0));
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
