// SPDX-License-Identifier: ISC
#include "base/secret.hpp"
#include "base/system_error.hpp"
#include "passwords/hash_text.hpp"
#include "passwords/scheme.hpp"

#include <algorithm>
#include <array>
#include <crypt.h>
#include <memory>

namespace passwords {

namespace {

constexpr std::size_t digits_of_256_bits = 43;
constexpr std::size_t digits_of_512_bits = 86;

/// True for a salt, `$` and the output, with nothing after them.
bool has_salt_and_output(std::string_view hash, std::size_t most_salt, std::size_t output) {
  return is_crypt_text(take_field(hash, '$'), 1, most_salt) && is_crypt_text(hash, output, output);
}

/// Parses the format of Ulrich Drepper's specification "Unix crypt using SHA-256 and SHA-512".
template <std::size_t output, std::uint64_t rounds_an_operation>
std::optional<Cost> sha_crypt_cost(std::string_view hash) {
  constexpr std::uint32_t default_rounds = 5000, least_rounds = 1000, most_rounds = 999'999'999;
  constexpr std::size_t most_salt = 16;
  std::uint32_t rounds = default_rounds;
  if (hash.starts_with("rounds=")) {
    const auto number = take_number(hash, "rounds=");
    if (!number || *number < least_rounds || *number > most_rounds || !take_prefix(hash, "$"))
      return {};
    rounds = *number;
  }
  if (!has_salt_and_output(hash, most_salt, output))
    return {};
  return Cost{sizeof(crypt_data), operations(rounds, rounds_an_operation)};
}

std::optional<Cost> bcrypt_cost(std::string_view hash) {
  constexpr std::size_t salt_digits = 22, output_digits = 31;
  // Only two bits of a salt's last digit are used; crypt(3) writes the others as zero. A hash with
  // another last digit would fit no password.
  constexpr std::string_view last_digits_of_salts = ".Oeu";
  const auto digits = take_field(hash, '$');
  const auto logarithm = base::parse_number<unsigned>(digits);
  if (digits.size() != 2 || !logarithm || *logarithm < 4 || *logarithm > 31 ||
      !is_crypt_text(hash, salt_digits + output_digits, salt_digits + output_digits) ||
      last_digits_of_salts.find(hash[salt_digits - 1]) == std::string_view::npos)
    return {};
  return Cost{sizeof(crypt_data),
              operations(std::uint64_t{1} << *logarithm, bcrypt_rounds_an_operation)};
}

/// True when the digits are whole octets with unused bits zero. Digits have the low bits first, so
/// that of an incomplete group of four the last digit has 2 bits of one octet, or 4 of two.
bool is_whole_octets(std::string_view digits) {
  const auto last = digits.empty() ? 0 : crypt_digits.find(digits.back());
  switch (digits.size() % 4) {
  case 0: return true;
  case 2: return last < 4;
  case 3: return last < 16;
  default: return false;
  }
}

/// Takes a number from 1 to 48, which has one digit; larger numbers would have two.
std::optional<std::uint64_t> take_digit(std::string_view& text) {
  constexpr std::size_t one_digit_values = 48;
  const auto value = text.empty() ? std::string_view::npos : crypt_digits.find(text.front());
  if (value >= one_digit_values)
    return {};
  text.remove_prefix(1);
  return value + 1;
}

/// Parses yescrypt's format: flags (`j`, the defaults), the logarithm of N, r. Each of the N blocks
/// takes 128 * r octets of memory.
std::optional<Cost> yescrypt_cost(std::string_view hash) {
  constexpr std::uint64_t least_logarithm = 10, least_r = 8, block = 128;
  constexpr std::size_t most_salt = 86;
  if (!take_prefix(hash, "j"))
    return {};
  const auto logarithm = take_digit(hash);
  const auto r = take_digit(hash);
  if (!logarithm || !r || *logarithm < least_logarithm || *r < least_r || !take_prefix(hash, "$"))
    return {};
  if (!has_salt_and_output(hash, most_salt, digits_of_256_bits) ||
      !is_whole_octets(hash.substr(0, hash.find('$'))))
    return {};
  const auto memory = block * *r << *logarithm;
  return Cost{memory, operations(memory, yescrypt_octets_an_operation)};
}

/// A C string on the stack that is wiped. A password that is no C string becomes the empty one,
/// which takes as long and does not reveal the difference.
struct Phrase {
  std::array<char, CRYPT_MAX_PASSPHRASE_SIZE> text{};
  base::Wiper<decltype(text)> wiper{text};
  bool is_whole;

  explicit Phrase(std::string_view password)
      : is_whole(password.size() < text.size() && password.find('\0') == std::string_view::npos) {
    if (is_whole)
      std::ranges::copy(password, text.begin());
  }
};

bool verify_crypt(const std::string& hash, std::string_view password) {
  const Phrase phrase(password);
  const auto space = std::make_unique<crypt_data>();
  const char* const output =
      crypt_rn(phrase.text.data(), hash.c_str(), space.get(), sizeof(crypt_data));
  if (output == nullptr) // libxcrypt has EINVAL for a lack of memory, too; the hash is valid
    base::throw_errno("crypt", ENOMEM);
  return base::equal_in_constant_time(output, hash) && phrase.is_whole;
}

} // namespace

std::span<const Scheme> crypt_schemes() {
  static constexpr std::array schemes{
      Scheme{"SHA512-CRYPT", "$6$", sha_crypt_cost<digits_of_512_bits, sha512_rounds_an_operation>,
             verify_crypt},
      Scheme{"SHA256-CRYPT", "$5$", sha_crypt_cost<digits_of_256_bits, sha256_rounds_an_operation>,
             verify_crypt},
      Scheme{"BLF-CRYPT", "$2y$", bcrypt_cost, verify_crypt},
      Scheme{"BLF-CRYPT", "$2b$", bcrypt_cost, verify_crypt},
      Scheme{"BLF-CRYPT", "$2a$", bcrypt_cost, verify_crypt},
      Scheme{"YESCRYPT", "$y$", yescrypt_cost, verify_crypt},
      Scheme{"GOST-YESCRYPT", "$gy$", yescrypt_cost, verify_crypt},
  };
  return schemes;
}

} // namespace passwords
