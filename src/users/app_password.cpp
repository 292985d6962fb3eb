// SPDX-License-Identifier: ISC
#include "users/app_password.hpp"

#include "base/ascii.hpp"
#include "base/base64.hpp"
#include "passwords/personal_digest.hpp"

#include <array>
#include <cassert>
#include <sodium/randombytes.h>

namespace users {

namespace {

/// The digest as the users file has it. It need not be wiped: it only allows
/// guesses to be checked.
std::string digest(const base::Secret& letters, std::string_view salt) {
  const auto digest = passwords::personal_digest("sodapop-app-1", letters.reveal(), {}, salt);
  return base::encode_base64(passwords::text_of(digest), base::Base64::unpadded);
}

bool fits(const AppPassword& password, const base::Secret& letters) {
  const auto salt = base::decode_base64(password.salt, base::Base64::unpadded);
  if (!salt || salt->size() != app_password_salt)
    return false;
  return base::equal_in_constant_time(password.digest, digest(letters, salt->reveal()));
}

} // namespace

base::Secret generate_app_password() {
  std::array<unsigned char, app_password_letters> random;
  const base::Wiper random_wiper(random);
  randombytes_buf(random.data(), random.size());
  std::array<char, app_password_letters + (app_password_letters - 1) / app_password_group> text;
  const base::Wiper text_wiper(text);
  text.fill('-');
  for (std::size_t i = 0; i < app_password_letters; ++i)
    text[i + i / app_password_group] =
        app_password_alphabet[random[i] % app_password_alphabet.size()];
  return base::Secret({text.data(), text.size()});
}

std::optional<base::Secret> normalised_app_password(const base::Secret& typed) {
  std::array<char, app_password_letters> letters;
  const base::Wiper wiper(letters);
  std::size_t size = 0;
  for (const char c : typed.reveal()) {
    if (c == '-' || c == ' ')
      continue;
    const auto letter = base::to_lower(c);
    if (size == app_password_letters || app_password_alphabet.find(letter) == std::string::npos)
      return {};
    letters[size++] = letter;
  }
  if (size != app_password_letters)
    return {};
  return base::Secret({letters.data(), size});
}

AppPassword make_app_password(std::string label, const base::Secret& password, Rights rights) {
  const auto letters = normalised_app_password(password);
  assert(letters && is_valid_label(label));
  std::string salt(app_password_salt, '\0');
  randombytes_buf(salt.data(), salt.size());
  return {std::move(label), base::encode_base64(salt, base::Base64::unpadded),
          digest(*letters, salt), std::move(rights)};
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
    word += ";expires=" + last_day(*rights.expires);
  if (rights.read_only)
    word += ";read-only";
  if (rights.networks)
    word += ";from=" + rights.networks->text();
  return word;
}

} // namespace users
