// SPDX-License-Identifier: ISC
#include "base/base64.hpp"

#include <algorithm>

namespace base {

namespace {

/// libsodium accepts octets above 127 as digits.
bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 128; });
}

} // namespace

std::optional<Secret> decode_base64(std::string_view text, Base64 form) {
  std::string octets(text.size() / 4 * 3 + 2, '\0');
  std::size_t size = 0;
  const bool is_valid =
      is_ascii(text) &&
      sodium_base642bin(reinterpret_cast<unsigned char*>(octets.data()), octets.size(), text.data(),
                        text.size(), nullptr, &size, nullptr, static_cast<int>(form)) == 0;
  Secret decoded({octets.data(), is_valid ? size : 0});
  wipe(octets.data(), octets.size());
  return is_valid ? std::optional(std::move(decoded)) : std::nullopt;
}

std::string encode_base64(std::string_view octets, Base64 form) {
  const int variant = static_cast<int>(form);
  std::string text(sodium_base64_encoded_len(octets.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(octets.data()),
                    octets.size(), variant);
  text.pop_back(); // the terminating NUL
  return text;
}

} // namespace base
