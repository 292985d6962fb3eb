// SPDX-License-Identifier: ISC
#include "base/digest.hpp"

#include <sodium/crypto_generichash.h>
#include <sodium/utils.h>
#include <stdexcept>

namespace base {

namespace {

const unsigned char* octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

template <std::size_t size> std::string hexadecimal(const std::array<unsigned char, size>& hash) {
  std::array<char, 2 * size + 1> text{};
  sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
  return text.data();
}

crypto_generichash_state* state_in(std::array<unsigned char, 384>& space) {
  static_assert(sizeof(crypto_generichash_state) <= sizeof space);
  static_assert(alignof(crypto_generichash_state) <= 64);
  return reinterpret_cast<crypto_generichash_state*>(space.data());
}

constexpr std::size_t keyed_octets = KeyedDigest::digits / 2;

} // namespace

std::string digest(std::string_view bytes) {
  std::array<unsigned char, 16> hash{};
  crypto_generichash(hash.data(), hash.size(), octets(bytes), bytes.size(), nullptr, 0);
  return hexadecimal(hash);
}

KeyedDigest::KeyedDigest(std::string_view key) {
  if (key.size() < least_key || key.size() > most_key)
    throw std::invalid_argument("the length of a digest's key");
  crypto_generichash_init(state_in(state_), octets(key), key.size(), keyed_octets);
}

KeyedDigest::~KeyedDigest() {
  sodium_memzero(state_.data(), state_.size());
}

void KeyedDigest::add(std::string_view bytes) {
  crypto_generichash_update(state_in(state_), octets(bytes), bytes.size());
}

std::string KeyedDigest::text() {
  std::array<unsigned char, keyed_octets> hash{};
  crypto_generichash_final(state_in(state_), hash.data(), hash.size());
  return hexadecimal(hash);
}

} // namespace base
