// SPDX-License-Identifier: ISC
#include "tokens/base64url.hpp"

#include <algorithm>
#include <sodium/utils.h>

namespace tokens {

namespace {

/// True for a character of the alphabet of RFC 4648 section 5.
bool is_digit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

} // namespace

std::optional<std::string> decode_base64url(std::string_view text) {
  // libsodium accepts octets above 127 as digits.
  if (!std::ranges::all_of(text, is_digit))
    return {};
  std::string octets(text.size() * 3 / 4, '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(octets.data()), octets.size(), text.data(),
                        text.size(), nullptr, &size, nullptr,
                        sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
    return {};
  octets.resize(size);
  return octets;
}

} // namespace tokens
