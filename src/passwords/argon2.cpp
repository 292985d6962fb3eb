// SPDX-License-Identifier: ISC
#include "passwords/argon2.hpp"

#include "base/base64.hpp"
#include "base/system_error.hpp"
#include "passwords/hash_text.hpp"
#include "passwords/scheme.hpp"

#include <array>
#include <cassert>
#include <sodium/core.h>
#include <sodium/crypto_pwhash.h>

namespace passwords {

namespace {

bool is_base64(std::string_view text, std::size_t least_octets) {
  const auto octets = base::decode_base64(text, base::Base64::unpadded);
  return octets && octets->size() >= least_octets;
}

/// Parses the encoding of the Argon2 reference implementation; RFC 9106 defines none.
std::optional<Cost> argon2_cost(std::string_view hash) {
  constexpr std::size_t least_salt = 8;
  constexpr std::size_t least_output = 16;
  constexpr std::uint64_t block = 1024;
  constexpr std::uint64_t blocks_a_lane = 8;
  constexpr std::uint64_t most_lanes = 0xffffff;
  if (!take_prefix(hash, "v=19"))
    return {};
  const auto blocks = take_number(hash, "$m=");
  const auto passes = take_number(hash, ",t=");
  const auto lanes = take_number(hash, ",p=");
  if (!blocks || !passes || !lanes || *lanes > most_lanes || *blocks < blocks_a_lane * *lanes)
    return {};
  if (!take_prefix(hash, "$") || !is_base64(take_field(hash, '$'), least_salt) ||
      !is_base64(hash, least_output))
    return {};
  return Cost{*blocks * block, *passes};
}

bool verify_argon2(const std::string& hash, std::string_view password) {
  return crypto_pwhash_str_verify(hash.c_str(), characters_of(password), password.size()) == 0;
}

[[maybe_unused]] bool can_be_made(const Cost& cost) {
  return cost.memory >= least_cost.memory && cost.operations >= least_cost.operations &&
         within(cost, greatest_cost);
}

} // namespace

std::span<const Scheme> argon2_schemes() {
  static constexpr std::array schemes{
      Scheme{"ARGON2ID", crypto_pwhash_argon2id_STRPREFIX, argon2_cost, verify_argon2},
      Scheme{"ARGON2I", crypto_pwhash_argon2i_STRPREFIX, argon2_cost, verify_argon2},
  };
  return schemes;
}

void initialise_libsodium() {
  static const int state = sodium_init();
  if (state < 0)
    base::throw_errno("sodium_init", EIO);
}

std::string make(const base::Secret& password, const Cost& cost) {
  assert(can_be_made(cost));
  initialise_libsodium();
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  const auto clear = password.reveal();
  if (crypto_pwhash_str_alg(hash.data(), characters_of(clear), clear.size(), cost.operations,
                            static_cast<std::size_t>(cost.memory),
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    base::throw_errno("make a password hash");
  return std::string("{ARGON2ID}") + hash.data();
}

std::string decoy(const Cost& cost) {
  assert(can_be_made(cost));
  // Salt and output of the lengths that make() gives, all zero.
  return "{ARGON2ID}$argon2id$v=19$m=" + std::to_string(cost.memory / 1024) +
         ",t=" + std::to_string(cost.operations) + ",p=1$" + std::string(22, 'A') + "$" +
         std::string(43, 'A');
}

} // namespace passwords
