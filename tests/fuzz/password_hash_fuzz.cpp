// SPDX-License-Identifier: ISC
// The input is a stored hash; its first 16 octets are a cost as well. Few passwords are hashed.
#include "fuzz/target.hpp"
#include "passwords/password_hash.hpp"

#include <crypt.h>
#include <cstring>
#include <memory>
#include <sodium/core.h>
#include <sodium/crypto_pwhash.h>

namespace {

using fuzz::expect;
using passwords::Cost;

constexpr std::string_view prefixes[] = {"$argon2id$v=19$m=", "$argon2i$v=19$m="};
constexpr std::size_t longest_hash = 512;

/// The part of `stored` behind `{SCHEME}`.
std::string without_scheme(std::string_view stored) {
  if (stored.starts_with('{'))
    stored.remove_prefix(stored.find('}') + 1);
  return std::string(stored);
}

/// True when `hash` has this cost, written in the only valid way.
bool says(std::string_view hash, const Cost& cost) {
  const auto numbers = std::to_string(cost.memory / 1024) + ",t=" + std::to_string(cost.operations);
  for (const auto prefix : prefixes)
    if (hash.starts_with(std::string(prefix) + numbers + ",p="))
      return true;
  return false;
}

/// Checks that libsodium, which verifies the hash, reads the same cost: a cost that is read too low
/// would pass the site's ceiling. -1: libsodium refuses the hash, as for unused bits in Base64.
void check_with_sodium(const std::string& hash, const Cost& cost) {
  if (hash.size() >= crypto_pwhash_STRBYTES)
    return;
  auto* const other = hash.starts_with("$argon2id$") ? crypto_pwhash_argon2id_str_needs_rehash
                                                     : crypto_pwhash_argon2i_str_needs_rehash;
  const int differs = other(hash.c_str(), cost.operations, static_cast<std::size_t>(cost.memory));
  expect(differs != 1, "libsodium reads the same cost");
}

void check_argon2(std::string_view scheme, const std::string& hash, const Cost& cost) {
  expect(hash.starts_with(scheme == "ARGON2ID" ? prefixes[0] : prefixes[1]),
         "the hash is of the scheme that stands before it");
  expect(cost.memory % 1024 == 0 && passwords::within(passwords::least_cost, cost) &&
             passwords::within(cost, passwords::greatest_cost),
         "a cost is within the bounds of the scheme");
  expect(says(hash, cost), "the numbers are written in one way only");
  check_with_sodium(hash, cost);
}

/// Checks about one in 64 of the cheap hashes, as each takes milliseconds.
void check_with_crypt(std::string_view scheme, const std::string& hash, const Cost& cost) {
  constexpr std::size_t little = 1 << 20;
  const bool is_crypt = scheme.ends_with("CRYPT") && scheme != "SCRYPT";
  if (!is_crypt || cost.operations > 1 || cost.memory > little || !hash.ends_with('.'))
    return;
  const auto space = std::make_unique<crypt_data>();
  const char* const output = crypt_rn("x", hash.c_str(), space.get(), sizeof(crypt_data));
  const std::string_view made = output != nullptr ? output : "";
  constexpr std::size_t shortest_output = 31;
  expect(made.size() == hash.size(), "crypt computes what has a cost");
  expect(made.substr(0, made.size() - shortest_output) ==
                 hash.substr(0, hash.size() - shortest_output) ||
             !scheme.starts_with("BLF"),
         "crypt repeats the salt of bcrypt");
}

void check_decoy_like(std::string_view stored, std::string_view scheme, const Cost& cost) {
  const auto decoy = passwords::decoy_like(stored);
  const auto its_scheme = passwords::scheme_of(decoy);
  const auto its_cost = passwords::cost_of(decoy);
  expect(decoy.size() == stored.size(), "a decoy is as long as what it is like");
  expect(its_scheme && *its_scheme == scheme, "a decoy has the scheme of what it is like");
  expect(its_cost && *its_cost == cost, "a decoy costs what it is like costs");
  expect(passwords::decoy_like(decoy) == decoy, "a decoy is like itself");
}

void check_stored(std::string_view stored) {
  const auto scheme = passwords::scheme_of(stored);
  const auto cost = passwords::cost_of(stored);
  if (!scheme)
    expect(!cost && cost.error() == scheme.error() &&
               cost.error() != passwords::hash_problem::malformed,
           "without a scheme there is no cost");
  expect(passwords::is_outdated(stored) ==
             (!cost || *scheme != "ARGON2ID" || !passwords::within(passwords::owasp_cost, *cost)),
         "what is cheaper than usual, or no Argon2id, is outdated");
  if (!cost)
    return;
  const auto hash = without_scheme(stored);
  expect(hash.size() <= longest_hash, "a hash has at most 512 octets");
  expect(hash.find('\0') == std::string::npos, "a hash has no NUL");
  expect(cost->operations > 0, "nothing is free");
  if (scheme->starts_with("ARGON2"))
    check_argon2(*scheme, hash, *cost);
  check_with_crypt(*scheme, hash, *cost);
  check_decoy_like(stored, *scheme, *cost);
}

std::uint64_t number(std::string_view octets) {
  std::uint64_t value = 0;
  std::memcpy(&value, octets.data(), std::min(octets.size(), sizeof value));
  return value;
}

void check_decoy(std::string_view octets) {
  using passwords::greatest_cost, passwords::least_cost;
  const Cost cost{std::clamp(number(octets.substr(0, 8)) % (2 * greatest_cost.memory),
                             least_cost.memory, greatest_cost.memory) /
                      1024 * 1024,
                  std::clamp(number(octets.size() > 8 ? octets.substr(8) : "") & 0x1ffffffff,
                             least_cost.operations, greatest_cost.operations)};
  const auto decoy = passwords::decoy(cost);
  const auto read = passwords::cost_of(decoy);
  expect(read && *read == cost, "a decoy costs what was asked for");
  check_with_sodium(without_scheme(decoy), cost);
}

void try_input(fuzz::Input input) {
  static const int awake = sodium_init();
  expect(awake >= 0, "libsodium works here");
  const auto text = input.rest();
  check_stored(text);
  check_decoy(text);
}

const fuzz::Target target("password_hash", try_input);

} // namespace
