// SPDX-License-Identifier: ISC
// The input is read as either message of a client of SCRAM-SHA-256, and as both: the first message
// before a line feed, the last one behind it.
#include "base/base64.hpp"
#include "fuzz/target.hpp"
#include "pop3/limits.hpp"
#include "pop3/scram_message.hpp"

#include <string>
#include <vector>

namespace {

using fuzz::expect;
using Parts = std::vector<std::string>;

Parts split(std::string_view text) {
  Parts parts(1);
  for (const char c : text)
    if (c == ',')
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

/// True for UTF-8 without NUL. Computes every code point.
bool model_is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if ((first >= 0x80 && first < 0xc0) || first >= 0xf8 || i + length > text.size())
      return false;
    std::uint32_t point = length == 1 ? first : first & (0x7fu >> length);
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xc0) != 0x80)
        return false;
      point = point << 6 | (next & 0x3f);
    }
    const std::uint32_t least[] = {0, 1, 0x80, 0x800, 0x10000};
    if (point < least[length] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
      return false;
    i += length;
  }
  return true;
}

/// The decoded name; empty if `text` is no name.
std::string model_name(std::string text) {
  for (std::size_t i = 0; (i = text.find('=', i)) != text.npos; ++i) {
    const auto escape = text.substr(i, 3);
    if (escape != "=2C" && escape != "=3D")
      return "";
    text.replace(i, 3, escape == "=2C" ? "," : "=");
  }
  return text.size() <= pop3::max_user_name && model_is_utf8(text) ? text : "";
}

bool are_extensions(const Parts& parts, std::size_t from, std::size_t to) {
  std::string seen = "aceimnprsv";
  for (std::size_t i = from; i < to; ++i) {
    const auto& part = parts[i];
    const bool is_letter = !part.empty() && ((part[0] | 0x20) >= 'a' && (part[0] | 0x20) <= 'z');
    if (!is_letter || part.size() < 3 || part[1] != '=' || seen.find(part[0]) != seen.npos ||
        !model_is_utf8(part.substr(2)))
      return false;
    seen += part[0];
  }
  return true;
}

bool is_nonce(const std::string& text) {
  for (const char c : text)
    if (c <= ' ' || c > '~')
      return false;
  return !text.empty() && text.size() <= pop3::max_scram_nonce;
}

bool model_takes_first(std::string_view message) {
  const auto parts = split(message);
  return message.size() <= pop3::max_scram_message && parts.size() >= 4 &&
         (parts[0] == "n" || parts[0] == "y") &&
         (parts[1].empty() ||
          (parts[1].starts_with("a=") && !model_name(parts[1].substr(2)).empty())) &&
         parts[2].starts_with("n=") && !model_name(parts[2].substr(2)).empty() &&
         parts[3].starts_with("r=") && is_nonce(parts[3].substr(2)) &&
         are_extensions(parts, 4, parts.size());
}

void check_first(std::string_view message) {
  const auto first = pop3::parse_client_first(message);
  expect(first.has_value() == model_takes_first(message),
         "first messages are those of the grammar");
  if (!first)
    return;
  expect(first->header.text + first->start.message_bare == message, "nothing is lost");
  expect(first->start.name == model_name(split(message)[2].substr(2)), "the name is decoded");
  expect("r=" + first->start.nonce == split(message)[3], "the nonce is the client's");
}

void check_last(std::string_view message, const pop3::Gs2Header& header, const std::string& nonce) {
  const auto parts = split(message);
  const auto last = pop3::parse_client_final(message, header, nonce);
  const bool is_good = message.size() <= pop3::max_scram_message && parts.size() >= 3 &&
                       parts[0] == "c=" + base::encode_base64(header.text) &&
                       parts[1] == "r=" + nonce && parts.back().starts_with("p=") &&
                       are_extensions(parts, 2, parts.size() - 1);
  expect(!last || is_good, "last messages are those of the grammar");
  if (!is_good)
    return;
  const auto proof = base::decode_base64(parts.back().substr(2));
  expect(last.has_value() == (proof && proof->size() == 32), "a proof has 32 octets");
  expect(!last || last->without_proof + "," + parts.back() == message, "nothing is lost");
  expect(!last || std::string(last->proof.begin(), last->proof.end()) == proof->reveal(),
         "the proof is decoded");
}

void try_input(fuzz::Input input) {
  const auto whole = input.rest();
  check_first(whole);
  check_last(whole, {"n,,", ""}, "x");
  const auto first = pop3::parse_client_first(input.take_until('\n'));
  if (first)
    check_last(input.rest(), first->header, first->start.nonce);
}

const fuzz::Target target("scram_message", try_input);

} // namespace
