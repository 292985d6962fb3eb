// SPDX-License-Identifier: ISC
#include "base/secret.hpp"
#include "base/system_error.hpp"
#include "passwords/hash_text.hpp"
#include "passwords/scheme.hpp"

#include <array>
#include <sodium/crypto_pwhash_scryptsalsa208sha256.h>

namespace passwords {

namespace {

constexpr std::string_view prefix = "$7$";
constexpr std::size_t output_octets = 32;
constexpr std::size_t output_digits = 43;

struct Parts {
  std::uint64_t n = 0;
  std::uint32_t r = 0, p = 0;
  std::string_view salt, output;
};

/// Takes `count` digits, the least significant first; nothing when there are fewer.
std::optional<std::uint32_t> take_digits(std::string_view& text, unsigned count) {
  if (!is_crypt_text(text.substr(0, count), count, count))
    return {};
  std::uint32_t value = 0;
  for (unsigned i = 0; i < count; ++i)
    value |= static_cast<std::uint32_t>(crypt_digits.find(text[i])) << 6 * i;
  text.remove_prefix(count);
  return value;
}

/// Takes the hash without its prefix.
std::optional<Parts> parse(std::string_view hash) {
  constexpr std::uint64_t most_lanes_times_blocks = (1u << 24) - 1;
  constexpr std::size_t most_salt = 86;
  const auto logarithm = take_digits(hash, 1), r = take_digits(hash, 5), p = take_digits(hash, 5);
  if (!logarithm || *logarithm < 1 || *logarithm > 31 || !r || !p || *r == 0 || *p == 0 ||
      std::uint64_t{*r} * *p > most_lanes_times_blocks)
    return {};
  const auto salt = take_field(hash, '$');
  if (!is_crypt_text(salt, 1, most_salt) || !is_crypt_text(hash, output_digits, output_digits))
    return {};
  return Parts{std::uint64_t{1} << *logarithm, *r, *p, salt, hash};
}

std::optional<Cost> scrypt_cost(std::string_view hash) {
  constexpr std::uint64_t block = 128;
  const auto parts = parse(hash);
  if (!parts)
    return {};
  const auto lane = block * parts->r * parts->n;
  // Lanes are computed one after the other, each with the whole memory, and need one more block
  // each.
  return Cost{lane + block * parts->r * parts->p,
              operations(lane * parts->p, scrypt_octets_an_operation)};
}

/// Writes three octets as four digits, the least significant first.
std::string digits_of(const std::array<unsigned char, output_octets>& octets) {
  std::string digits;
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    std::uint32_t group = 0;
    const auto count = std::min<std::size_t>(3, octets.size() - i);
    for (std::size_t k = 0; k < count; ++k)
      group |= std::uint32_t{octets[i + k]} << 8 * k;
    for (std::size_t k = 0; k <= count; ++k)
      digits += crypt_digits[group >> 6 * k & 63];
  }
  return digits;
}

bool verify_scrypt(const std::string& hash, std::string_view password) {
  const auto parts = parse(std::string_view(hash).substr(prefix.size()));
  std::array<unsigned char, output_octets> output{};
  if (!parts)
    return false;
  errno = ENOMEM; // if libsodium sets no other one
  if (crypto_pwhash_scryptsalsa208sha256_ll(octets_of(password), password.size(),
                                            octets_of(parts->salt), parts->salt.size(), parts->n,
                                            parts->r, parts->p, output.data(), output.size()) != 0)
    base::throw_errno("scrypt");
  return base::equal_in_constant_time(digits_of(output), parts->output);
}

} // namespace

std::span<const Scheme> scrypt_schemes() {
  static constexpr std::array schemes{Scheme{"SCRYPT", prefix, scrypt_cost, verify_scrypt}};
  return schemes;
}

} // namespace passwords
