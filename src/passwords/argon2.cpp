// SPDX-License-Identifier: ISC
#include "passwords/argon2.hpp"

#include "base/base64.hpp"
#include "base/secret.hpp"
#include "base/system_error.hpp"
#include "passwords/hash_text.hpp"
#include "passwords/scheme.hpp"

#include <array>
#include <cassert>
#include <sodium/core.h>
#include <sodium/crypto_pwhash.h>
#include <sodium/utils.h>
#include <utility>
#include <vector>

namespace passwords {

namespace {

struct Argon2Hash {
  Cost cost;
  std::uint64_t lanes = 0;
  base::Secret salt, output;
};

/// The lengths of outputs that programs make: libsodium, Dovecot and PHP 32 octets, older passlib
/// and argon2-cffi 16, the examples of the reference implementation 24, some frameworks 48 or 64.
/// A hash with 1 to 9 characters missing has none of these. It would look whole to other programs,
/// and no password would fit it.
constexpr bool is_output_length(std::size_t octets) {
  return octets == 16 || octets == 24 || octets == 32 || octets == 48 || octets == 64;
}

/// Parses the encoding of the Argon2 reference implementation without its prefix; RFC 9106 defines
/// none.
std::optional<Argon2Hash> parse_argon2(std::string_view hash) {
  constexpr std::size_t least_salt = 8, most_salt = 64;
  constexpr std::uint64_t block = 1024;
  constexpr std::uint64_t blocks_a_lane = 8;
  constexpr std::uint64_t most_lanes = 0xffffff;
  if (!take_prefix(hash, "v=19"))
    return {};
  const auto blocks = take_number(hash, "$m=");
  const auto passes = take_number(hash, ",t=");
  const auto lanes = take_number(hash, ",p=");
  if (!blocks || !passes || !lanes || *lanes > most_lanes || *blocks < blocks_a_lane * *lanes ||
      !take_prefix(hash, "$"))
    return {};
  auto salt = base::decode_base64(take_field(hash, '$'), base::Base64::unpadded);
  auto output = base::decode_base64(hash, base::Base64::unpadded);
  if (!salt || salt->size() < least_salt || salt->size() > most_salt || !output ||
      !is_output_length(output->size()))
    return {};
  return Argon2Hash{{*blocks * block, *passes}, *lanes, std::move(*salt), std::move(*output)};
}

std::optional<Cost> argon2_cost(std::string_view rest) {
  const auto parsed = parse_argon2(rest);
  return parsed ? std::optional(parsed->cost) : std::nullopt;
}

/// True for what crypto_pwhash() can compute, as are all hashes that libsodium makes.
bool is_plain(const Argon2Hash& parsed, int algorithm) {
  const auto least_passes = algorithm == crypto_pwhash_ALG_ARGON2I13
                                ? crypto_pwhash_argon2i_OPSLIMIT_MIN
                                : crypto_pwhash_argon2id_OPSLIMIT_MIN;
  return parsed.lanes == 1 && parsed.salt.size() == crypto_pwhash_SALTBYTES &&
         parsed.cost.operations >= least_passes;
}

/// Computes the hash and compares it here where possible: libsodium's own comparison reports a lack
/// of memory in the same way as a wrong password.
bool verify_argon2(int algorithm, const std::string& hash, std::string_view prefix,
                   std::string_view password) {
  const auto parsed = parse_argon2(std::string_view(hash).substr(prefix.size()));
  if (!parsed || !is_plain(*parsed, algorithm))
    return parsed &&
           crypto_pwhash_str_verify(hash.c_str(), characters_of(password), password.size()) == 0;
  std::vector<unsigned char> output(parsed->output.size());
  errno = ENOMEM; // if libsodium sets no other one
  if (crypto_pwhash(output.data(), output.size(), characters_of(password), password.size(),
                    octets_of(parsed->salt.reveal()), parsed->cost.operations,
                    static_cast<std::size_t>(parsed->cost.memory), algorithm) != 0)
    base::throw_errno("Argon2");
  return sodium_memcmp(output.data(), parsed->output.reveal().data(), output.size()) == 0;
}

bool verify_argon2id(const std::string& hash, std::string_view password) {
  return verify_argon2(crypto_pwhash_ALG_ARGON2ID13, hash, crypto_pwhash_argon2id_STRPREFIX,
                       password);
}

bool verify_argon2i(const std::string& hash, std::string_view password) {
  return verify_argon2(crypto_pwhash_ALG_ARGON2I13, hash, crypto_pwhash_argon2i_STRPREFIX,
                       password);
}

[[maybe_unused]] bool can_be_made(const Cost& cost) {
  return cost.memory >= least_cost.memory && cost.operations >= least_cost.operations &&
         within(cost, greatest_cost);
}

} // namespace

std::span<const Scheme> argon2_schemes() {
  static constexpr std::array schemes{
      Scheme{"ARGON2ID", crypto_pwhash_argon2id_STRPREFIX, argon2_cost, verify_argon2id},
      Scheme{"ARGON2I", crypto_pwhash_argon2i_STRPREFIX, argon2_cost, verify_argon2i},
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
