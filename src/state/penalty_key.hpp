// SPDX-License-Identifier: ISC
// What failed logins are counted by: networks, names, and pairs of both.
#pragma once

#include "base/address.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace state {

enum class PenaltyKind : std::uint8_t {
  network,    ///< A client's network, see network_of_client().
  wider,      ///< The /24 of IPv4 around it.
  widest,     ///< The /48 of IPv6 around it.
  name,       ///< A name, by attempts from networks that have failed lately.
  fresh_name, ///< A name, by attempts from fresh networks, see is_fresh().
  pair,       ///< A user and a network from which the user has logged in lately.
  password,   ///< A name and a wrong password that came from a network.
  crash,      ///< A network in whose sessions a process has crashed.
  strangers,  ///< All networks from which the user has not logged in lately, whatever the name.
  gave_way,   ///< A network, or the /48 of IPv6, whose connection had to give way to another.
  home,       ///< The /56 of IPv6 around it.
};
inline constexpr std::size_t penalty_kinds = 11;

/// The word for a kind in the output of `sodapop penalties`.
std::string_view name_of(PenaltyKind kind);

/// The first 16 octets of a keyed digest of a name, or of a name and a password.
using PenaltyDigest = std::array<std::uint8_t, 16>;

/// `digest` has at least 16 octets.
PenaltyDigest penalty_digest(std::span<const std::uint8_t> digest);

struct PenaltyKey {
  PenaltyKind kind{};
  base::Address network{}; ///< The first address of the network; zeros where the kind has none.
  PenaltyDigest digest{};  ///< Zeros where the kind has none.

  auto operator<=>(const PenaltyKey&) const = default;
};

/// Octets that no other key has.
std::string octets_of(const PenaltyKey& key);

/// The network that counts as one client: the /32 of IPv4, the /64 of IPv6, which one customer of a
/// provider has at least. See base::network_of_client() for translated IPv4.
base::Address network_of_client(const base::Address& client);
/// How many bits of an address the network of this kind has. Nothing where the kind has none.
std::optional<unsigned> prefix_of(const PenaltyKey& key);

PenaltyKey network_key(const base::Address& client);
/// The /24 of IPv4; the /56 and the /48 of IPv6.
std::vector<PenaltyKey> wider_keys(const base::Address& client);
PenaltyKey crash_key(const base::Address& client);
/// For the /48 of IPv6, as a stranger has thousands of smaller networks.
PenaltyKey gave_way_key(const base::Address& client);
/// `name` is passwords::name_digest() of the name, also in a pair.
PenaltyKey name_key(std::span<const std::uint8_t> name);
PenaltyKey fresh_name_key(std::span<const std::uint8_t> name);
PenaltyKey pair_key(std::span<const std::uint8_t> name, const base::Address& client);
/// `digest` is of the name, NUL and the password, under a key that no client knows. As the network
/// belongs to it, a guesser does not learn what the user has mistyped elsewhere.
PenaltyKey password_key(std::span<const std::uint8_t> digest, const base::Address& client);
PenaltyKey strangers_key();

} // namespace state
