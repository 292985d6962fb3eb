// SPDX-License-Identifier: ISC
#include "users/app_password.hpp"

#include "base/base64.hpp"
#include "base/utc.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <sodium/crypto_generichash_blake2b.h>
#include <sodium/randombytes.h>
#include <sodium/utils.h>
#include <span>

namespace users {

namespace {

using Salt = std::array<unsigned char, app_password_salt>;
static_assert(app_password_salt == crypto_generichash_blake2b_SALTBYTES);

std::string encode(const auto& octets) {
  return base::encode_base64({reinterpret_cast<const char*>(octets.data()), octets.size()},
                             base::Base64::unpadded);
}

std::optional<Salt> decode_salt(std::string_view text) {
  const auto octets = base::decode_base64(text, base::Base64::unpadded);
  Salt salt;
  if (!octets || octets->size() != salt.size())
    return {};
  std::ranges::copy(octets->reveal(), salt.begin());
  return salt;
}

/// The digest as the users file has it. It need not be wiped: it only allows
/// guesses to be checked.
std::string digest(const base::Secret& letters, const Salt& salt) {
  constexpr std::array<unsigned char, crypto_generichash_blake2b_PERSONALBYTES> purpose{
      's', 'o', 'd', 'a', 'p', 'o', 'p', '-', 'a', 'p', 'p', '-', '1'};
  std::array<unsigned char, crypto_generichash_blake2b_BYTES> out;
  crypto_generichash_blake2b_salt_personal(
      out.data(), out.size(), reinterpret_cast<const unsigned char*>(letters.reveal().data()),
      letters.size(), nullptr, 0, salt.data(), purpose.data());
  return encode(out);
}

bool fits(const AppPassword& password, const base::Secret& letters) {
  const auto salt = decode_salt(password.salt);
  const auto expected = digest(letters, salt.value_or(Salt()));
  return salt && password.digest.size() == expected.size() &&
         sodium_memcmp(password.digest.data(), expected.data(), expected.size()) == 0;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

base::Secret generate_app_password() {
  std::array<unsigned char, app_password_letters> random;
  const base::Wiper random_wiper(random);
  randombytes_buf(random.data(), random.size());
  std::array<char, app_password_letters + (app_password_letters - 1) / app_password_group> text;
  const base::Wiper text_wiper(text);
  std::size_t size = 0;
  for (std::size_t i = 0; i < app_password_letters; ++i) {
    if (i != 0 && i % app_password_group == 0)
      text[size++] = '-';
    text[size++] = app_password_alphabet[random[i] % app_password_alphabet.size()];
  }
  return base::Secret({text.data(), size});
}

std::optional<base::Secret> normalised_app_password(const base::Secret& typed) {
  std::array<char, app_password_letters> letters;
  const base::Wiper wiper(letters);
  std::size_t size = 0;
  for (const char c : typed.reveal()) {
    if (c == '-' || c == ' ')
      continue;
    if (size == app_password_letters || app_password_alphabet.find(lower(c)) == std::string::npos)
      return {};
    letters[size++] = lower(c);
  }
  if (size != app_password_letters)
    return {};
  return base::Secret({letters.data(), size});
}

AppPassword make_app_password(std::string label, const base::Secret& password, Rights rights) {
  const auto letters = normalised_app_password(password);
  assert(letters && is_valid_label(label));
  Salt salt;
  randombytes_buf(salt.data(), salt.size());
  return {std::move(label), encode(salt), digest(*letters, salt), std::move(rights)};
}

const AppPassword* find_app_password(const User& user, const base::Secret& typed) {
  const AppPassword* found = nullptr;
  if (const auto letters = normalised_app_password(typed))
    for (const auto& password : user.app_passwords)
      if (fits(password, *letters))
        found = &password;
  return found;
}

std::string to_word(const AppPassword& password) {
  const auto& rights = password.rights;
  std::string word = "sodapop_app=" + password.label + ";" + password.salt + ";" + password.digest;
  if (rights.expires)
    word += ";expires=" + base::last_day(*rights.expires);
  if (rights.read_only)
    word += ";read-only";
  if (rights.networks)
    word += ";from=" + rights.networks->text();
  return word;
}

} // namespace users
