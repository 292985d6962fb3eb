// SPDX-License-Identifier: ISC
#include "passwords/personal_digest.hpp"

#include "passwords/hash_text.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <sodium/crypto_generichash_blake2b.h>
#include <string>

namespace passwords {

Digest personal_digest(std::string_view purpose, std::string_view text, std::string_view key,
                       std::string_view salt) {
  std::array<unsigned char, crypto_generichash_blake2b_PERSONALBYTES> personal{};
  assert(purpose.size() <= personal.size());
  assert(salt.empty() || salt.size() == crypto_generichash_blake2b_SALTBYTES);
  std::ranges::copy(purpose, personal.begin());
  Digest digest;
  crypto_generichash_blake2b_salt_personal(
      digest.data(), digest.size(), octets_of(text), text.size(), octets_of(key), key.size(),
      salt.empty() ? nullptr : octets_of(salt), personal.data());
  return digest;
}

IndexKey index_key(std::string_view site_key, std::string_view name, std::string_view hash) {
  return personal_digest("sodapop-index-2", std::string(name).append(":").append(hash), site_key);
}

Digest name_digest(std::string_view site_key, std::string_view name) {
  return personal_digest("sodapop-name", name, site_key);
}

} // namespace passwords
