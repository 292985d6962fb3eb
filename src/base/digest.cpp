// SPDX-License-Identifier: ISC
#include "base/digest.hpp"

#include "base/hex.hpp"

#include <stdexcept>

namespace base {

namespace {

constexpr std::size_t keyed_octets = 32;

const unsigned char* octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

} // namespace

std::string digest(std::string_view bytes) {
  return hex(blake2b<16>(bytes));
}

KeyedDigest::KeyedDigest(std::string_view key) {
  if (key.size() < least_key || key.size() > most_key)
    throw std::invalid_argument("the length of a digest's key");
  crypto_generichash_init(&state_, octets(key), key.size(), keyed_octets);
}

void KeyedDigest::add(std::string_view bytes) {
  crypto_generichash_update(&state_, octets(bytes), bytes.size());
}

std::string KeyedDigest::text() {
  std::array<unsigned char, keyed_octets> hash{};
  crypto_generichash_final(&state_, hash.data(), hash.size());
  return hex(hash);
}

} // namespace base
