// SPDX-License-Identifier: ISC
// The input is text to decode, octets to encode, and a response to every mechanism. Its lines are
// also the responses of one exchange.
#include "base/base64.hpp"
#include "fuzz/target.hpp"
#include "pop3/limits.hpp"
#include "pop3/sasl_name.hpp"
#include "support/sasl_fixture.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace {

using fuzz::expect;

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes as in RFC 4648 section 4, bit by bit.
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

/// Decodes and refuses nothing but characters that are not in the alphabet.
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
  const auto decoded = base::decode_base64(text);
  expect(decoded.has_value() == is_canonical, "exactly the canonical encodings are decoded");
  expect(!decoded || decoded->reveal() == *model, "the octets are those of the model");
  expect(!decoded || base::encode_base64(decoded->reveal()) == text, "encoding takes it back");
}

void check_encode(std::string_view octets) {
  const auto text = base::encode_base64(octets);
  expect(text == model_encode(octets), "the encoding is that of the model");
  if (text.size() > pop3::max_line)
    return;
  const auto decoded = base::decode_base64(text);
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
  support::SaslFixture scene("PLAIN");
  const auto answer = scene.respond(response);
  const auto& tried = scene.gatekeeper.tried;
  expect((answer != "malformed") == is_good, "PLAIN takes what its grammar allows");
  expect(tried.size() == (is_good ? 1 : 0), "what is malformed is not tried");
  if (!is_good)
    return;
  expect(tried[0].method == "PLAIN", "the credentials name PLAIN");
  expect(tried[0].name == parts[1], "the name is the second part");
  const bool for_oneself = parts[0].empty() || parts[0] == parts[1];
  expect(tried[0].password == (for_oneself ? parts[2] : ""), "nobody acts for somebody else");
}

void check_external(std::string_view response) {
  support::SaslFixture scene("EXTERNAL");
  const auto answer = scene.respond(response);
  const bool is_good = response.size() <= pop3::max_user_name && pop3::is_utf8(response);
  expect((answer != "malformed") == is_good, "EXTERNAL takes names and nothing");
  expect((answer == "in") == (response.empty() || response == "alice"), "the certificate decides");
}

/// Checks that the accepted name and token are in the response and have valid characters.
void check_token(const char* mechanism, std::string_view response) {
  support::SaslFixture scene(mechanism);
  const auto answer = scene.respond(response);
  const auto& tried = scene.gatekeeper.tried;
  expect(tried.empty() == (answer == "malformed"), "a token is tried unless it is malformed");
  if (tried.empty())
    return;
  const auto& token = tried[0].password;
  expect(response.ends_with("\1\1"), "the message is whole");
  expect(!token.empty() && token.size() <= pop3::max_token, "there is a token, within its limit");
  bool is_there = false;
  for (auto rest = response; !rest.empty();) {
    const auto pair = rest.substr(0, rest.find('\1'));
    is_there = is_there || (pair.starts_with("auth=") && pair.ends_with(" " + token));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
  }
  expect(is_there, "the token is the client's, and whole");
  expect(pop3::is_utf8(tried[0].name) && tried[0].name.size() <= pop3::max_user_name,
         "the name could be one");
  expect((answer == "in") == (token == "wonderland" &&
                              (tried[0].name == "alice" ||
                               (tried[0].name.empty() && tried[0].method == "OAUTHBEARER"))),
         "who is in is right");
  expect(answer == "in" || (answer.front() == '{' && scene.respond("\1") == "refused"),
         "an error is told, then the refusal");
}

/// Checks that no responses log in without all three steps of SCRAM.
void check_scram(std::string_view responses) {
  support::SaslFixture scene("SCRAM-SHA-256");
  const auto& tried = scene.gatekeeper.tried;
  while (!responses.empty()) {
    const auto end = std::min(responses.find('\n'), responses.size());
    const auto answer = scene.respond(responses.substr(0, end));
    expect(answer != "in" ||
               (tried.size() >= 3 && tried.back().method == "SCRAM-FINISH" &&
                tried[tried.size() - 2].method == "SCRAM-CHECK" &&
                tried[tried.size() - 3].method == "SCRAM-START" && tried.back().name == "alice"),
           "SCRAM has three steps");
    responses.remove_prefix(std::min(end + 1, responses.size()));
  }
}

void check_response(std::string_view response) {
  check_plain(response);
  check_external(response);
  check_token("OAUTHBEARER", response);
  check_token("XOAUTH2", response);
  check_scram(response);
}

void try_input(fuzz::Input input) {
  const auto text = input.rest();
  check_decode(text);
  check_encode(text);
  check_response(text);
  if (const auto decoded = base::decode_base64(text))
    check_response(decoded->reveal());
  const auto mechanism = pop3::find_mechanism(text, support::SaslFixture("").site);
  expect(!mechanism || text.size() == traits_of(*mechanism).name.size(), "names match whole");
}

const fuzz::Target target("sasl", try_input);

} // namespace
