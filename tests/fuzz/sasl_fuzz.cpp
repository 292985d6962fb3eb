// SPDX-License-Identifier: ISC
// The input is text to decode, octets to encode, and a response to PLAIN.
#include "fuzz/target.hpp"
#include "pop3/base64.hpp"
#include "pop3/limits.hpp"
#include "pop3/sasl.hpp"

#include <string>
#include <vector>

namespace {

using fuzz::expect;

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// RFC 4648 section 4, bit by bit.
std::string model_encode(std::string_view octets) {
  std::string bits, text;
  for (const char octet : octets)
    for (int bit = 7; bit >= 0; --bit)
      bits += (static_cast<unsigned char>(octet) >> bit & 1) != 0 ? '1' : '0';
  while (bits.size() % 6 != 0)
    bits += '0';
  for (std::size_t i = 0; i < bits.size(); i += 6)
    text += digits[std::stoul(bits.substr(i, 6), nullptr, 2)];
  while (text.size() % 4 != 0)
    text += '=';
  return text;
}

/// Forgives everything but a character that is none of the alphabet.
std::optional<std::string> lenient_decode(std::string_view text) {
  std::string octets;
  unsigned bits = 0, count = 0;
  for (const char c : text.substr(0, text.find('='))) {
    const auto value = digits.find(c);
    if (value == digits.npos)
      return {};
    bits = (bits << 6 | static_cast<unsigned>(value)) & 0xffff;
    count += 6;
    if (count >= 8)
      octets += static_cast<char>(bits >> (count -= 8) & 0xff);
  }
  return octets;
}

void check_decode(std::string_view text) {
  const auto model = lenient_decode(text);
  const bool is_canonical = model && text.size() <= pop3::max_line && model_encode(*model) == text;
  const auto decoded = pop3::decode_base64(text);
  expect(decoded.has_value() == is_canonical, "exactly the canonical encodings are decoded");
  expect(!decoded || decoded->reveal() == *model, "the octets are those of the model");
  expect(!decoded || pop3::encode_base64(decoded->reveal()) == text, "encoding takes it back");
}

void check_encode(std::string_view octets) {
  const auto text = pop3::encode_base64(octets);
  expect(text == model_encode(octets), "the encoding is that of the model");
  if (text.size() > pop3::max_line)
    return;
  const auto decoded = pop3::decode_base64(text);
  expect(decoded && decoded->reveal() == octets, "decoding takes it back");
}

/// RFC 4616 section 2: three parts, of which the last two are not empty.
void check_plain(std::string_view response) {
  std::vector<std::string> parts(1);
  for (const char c : response)
    if (c == '\0')
      parts.emplace_back();
    else
      parts.back() += c;
  const bool is_good = parts.size() == 3 && !parts[1].empty() && !parts[2].empty() &&
                       parts[0].size() <= pop3::max_user_name;
  const auto step = pop3::find_mechanism("plain")->start()->respond(response);
  const auto* credentials = std::get_if<pop3::Credentials>(&step);
  expect((credentials != nullptr) == is_good, "PLAIN takes what its grammar allows");
  expect(is_good || std::holds_alternative<pop3::Malformed>(step), "PLAIN asks nothing back");
  if (!is_good)
    return;
  expect(credentials->mechanism == pop3::Mechanism::plain, "the credentials name PLAIN");
  expect(credentials->name == parts[1], "the name is the second part");
  const bool for_oneself = parts[0].empty() || parts[0] == parts[1];
  expect(credentials->password.reveal() == (for_oneself ? parts[2] : ""),
         "nobody acts for somebody else");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::Input(data, size).rest();
  check_decode(text);
  check_encode(text);
  check_plain(text);
  if (const auto decoded = pop3::decode_base64(text))
    check_plain(decoded->reveal());
  const auto* mechanism = pop3::find_mechanism(text);
  expect(mechanism == nullptr || text.size() == mechanism->name.size(), "names match whole");
  return 0;
}
