// SPDX-License-Identifier: ISC
#include "passwords/index_key.hpp"

#include <algorithm>
#include <sodium/crypto_generichash_blake2b.h>

namespace passwords {

IndexKey index_key(std::string_view hash) {
  constexpr std::string_view purpose = "sodapop-index-1";
  std::array<unsigned char, crypto_generichash_blake2b_PERSONALBYTES> personal{};
  static_assert(purpose.size() <= personal.size());
  std::copy(purpose.begin(), purpose.end(), personal.begin());
  IndexKey key{};
  crypto_generichash_blake2b_salt_personal(key.data(), key.size(),
                                           reinterpret_cast<const unsigned char*>(hash.data()),
                                           hash.size(), nullptr, 0, nullptr, personal.data());
  return key;
}

} // namespace passwords
