// SPDX-License-Identifier: ISC
#include "state/penalty_key.hpp"

#include "base/network.hpp"

#include <cassert>
#include <cstring>

namespace state {

namespace {

constexpr base::Prefixes client_prefixes{32, 64}, wider_prefixes{24, 128}, home_prefixes{32, 56},
    widest_prefixes{32, 48};

constexpr std::array<std::string_view, penalty_kinds> kind_names{
    "network",  "wider", "widest",    "name",     "fresh-name", "pair",
    "password", "crash", "strangers", "gave-way", "home"};

base::Prefixes prefixes_of(PenaltyKind kind) {
  switch (kind) {
  case PenaltyKind::wider: return wider_prefixes;
  case PenaltyKind::home: return home_prefixes;
  case PenaltyKind::widest:
  case PenaltyKind::gave_way: return widest_prefixes;
  default: return client_prefixes;
  }
}

PenaltyKey key_of(PenaltyKind kind, const base::Address& client) {
  return {kind, base::network_of_client(client, prefixes_of(kind)), {}};
}

} // namespace

std::string_view name_of(PenaltyKind kind) {
  return kind_names.at(static_cast<std::size_t>(kind));
}

PenaltyDigest penalty_digest(std::span<const std::uint8_t> digest) {
  PenaltyDigest first;
  assert(digest.size() >= first.size());
  std::memcpy(first.data(), digest.data(), first.size());
  return first;
}

std::string octets_of(const PenaltyKey& key) {
  std::string octets(1, static_cast<char>(key.kind));
  octets.append(key.network.octets.begin(), key.network.octets.end());
  return octets.append(key.digest.begin(), key.digest.end());
}

base::Address network_of_client(const base::Address& client) {
  return base::network_of_client(client, client_prefixes);
}

std::optional<unsigned> prefix_of(const PenaltyKey& key) {
  if (key.network == base::Address())
    return {};
  const auto prefixes = prefixes_of(key.kind);
  return key.network.is_ipv4() ? prefixes.ipv4 : prefixes.ipv6;
}

PenaltyKey network_key(const base::Address& client) {
  return key_of(PenaltyKind::network, client);
}

std::vector<PenaltyKey> wider_keys(const base::Address& client) {
  const auto wider = key_of(PenaltyKind::wider, client);
  if (wider.network.is_ipv4())
    return {wider};
  return {key_of(PenaltyKind::home, client), key_of(PenaltyKind::widest, client)};
}

PenaltyKey crash_key(const base::Address& client) {
  return key_of(PenaltyKind::crash, client);
}

PenaltyKey gave_way_key(const base::Address& client) {
  return key_of(PenaltyKind::gave_way, client);
}

PenaltyKey name_key(std::span<const std::uint8_t> name) {
  return {PenaltyKind::name, {}, penalty_digest(name)};
}

PenaltyKey fresh_name_key(std::span<const std::uint8_t> name) {
  return {PenaltyKind::fresh_name, {}, penalty_digest(name)};
}

PenaltyKey pair_key(std::span<const std::uint8_t> name, const base::Address& client) {
  return {PenaltyKind::pair, network_of_client(client), penalty_digest(name)};
}

PenaltyKey password_key(std::span<const std::uint8_t> digest, const base::Address& client) {
  return {PenaltyKind::password, network_of_client(client), penalty_digest(digest)};
}

PenaltyKey strangers_key() {
  return {PenaltyKind::strangers, {}, {}};
}

} // namespace state
