// SPDX-License-Identifier: ISC
#include "base/base64.hpp"

#include <array>
#include <cstdint>

namespace base {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_digit = 64;

constexpr auto digit_values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return values;
}();

std::size_t padding_of(std::string_view text) {
  if (text.ends_with("=="))
    return 2;
  return text.ends_with('=') ? 1 : 0;
}

} // namespace

std::optional<Secret> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0 || text.size() > max_base64)
    return {};
  text.remove_suffix(padding_of(text));
  std::array<char, max_base64> octets;
  std::size_t size = 0;
  std::uint32_t bits = 0;
  unsigned count = 0;
  bool is_valid = true;
  for (const char c : text) {
    const auto value = digit_values[static_cast<unsigned char>(c)];
    is_valid = is_valid && value != no_digit;
    bits = bits << 6 | (value & 63u);
    count += 6;
    if (count >= 8) {
      count -= 8;
      octets[size++] = static_cast<char>(bits >> count & 0xff);
    }
  }
  Secret decoded(std::string_view(octets.data(), size));
  wipe(octets.data(), size);
  if (!is_valid || (bits & ((1u << count) - 1)) != 0)
    return {};
  return decoded;
}

std::string encode_base64(std::string_view octets) {
  std::string text;
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    const auto group = octets.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8 | (k < group.size() ? static_cast<unsigned char>(group[k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k)
      text += k <= group.size() ? alphabet[bits >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

} // namespace base
