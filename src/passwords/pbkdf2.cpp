// SPDX-License-Identifier: ISC
#include "passwords/pbkdf2.hpp"

#include "base/secret.hpp"
#include "passwords/hash_text.hpp"

#include <cassert>
#include <sodium/crypto_auth_hmacsha256.h>

namespace passwords {

namespace {

/// The state of an HMAC after its key. It is wiped, as it is as secret as the key.
struct Keyed {
  crypto_auth_hmacsha256_state state;
  base::Wiper<decltype(state)> wiper{state};

  explicit Keyed(std::string_view key) {
    crypto_auth_hmacsha256_init(&state, octets_of(key), key.size());
  }
};

} // namespace

Sha256Octets pbkdf2(std::string_view password, std::string_view salt, std::uint32_t iterations) {
  assert(iterations > 0);
  constexpr unsigned char first_block[] = {0, 0, 0, 1};
  const Keyed keyed(password);
  auto state = keyed.state;
  const base::Wiper state_wiper(state);
  crypto_auth_hmacsha256_update(&state, octets_of(salt), salt.size());
  crypto_auth_hmacsha256_update(&state, first_block, sizeof first_block);
  Sha256Octets link;
  crypto_auth_hmacsha256_final(&state, link.data());
  Sha256Octets sum = link;
  for (std::uint32_t i = 1; i < iterations; ++i) {
    state = keyed.state;
    crypto_auth_hmacsha256_update(&state, link.data(), link.size());
    crypto_auth_hmacsha256_final(&state, link.data());
    for (std::size_t k = 0; k < sum.size(); ++k)
      sum[k] ^= link[k];
  }
  return sum;
}

Sha256Octets hmac(std::string_view key, std::string_view text) {
  Keyed keyed(key);
  crypto_auth_hmacsha256_update(&keyed.state, octets_of(text), text.size());
  Sha256Octets digest;
  crypto_auth_hmacsha256_final(&keyed.state, digest.data());
  return digest;
}

} // namespace passwords
