// SPDX-License-Identifier: ISC
#include "base/base64.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <random>
#include <string>

using namespace std::string_literals;
using base::decode_base64;
using base::encode_base64;
using base::max_base64;

namespace {

std::string decoded(std::string_view text) {
  const auto octets = decode_base64(text);
  CAPTURE(text);
  REQUIRE(octets);
  return std::string(octets->reveal());
}

} // namespace

TEST_CASE("the vectors of RFC 4648 section 10 hold both ways") {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [octets, text] : vectors) {
    CHECK(encode_base64(octets) == text);
    CHECK(decoded(text) == octets);
  }
}

TEST_CASE("every octet survives a round trip, at every length up to 80") {
  std::mt19937 random(4648);
  for (std::size_t length = 0; length <= 80; ++length)
    for (int i = 0; i < 20; ++i) {
      std::string octets;
      while (octets.size() < length)
        octets += static_cast<char>(random() & 0xff);
      CHECK(decoded(encode_base64(octets)) == octets);
    }
}

TEST_CASE("characters outside the alphabet are refused at every place") {
  for (int c = 0; c < 256; ++c) {
    const bool allowed = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                         (c >= '0' && c <= '9') || c == '+' || c == '/';
    for (std::size_t at = 0; at < 4; ++at) {
      std::string text = "AAAA";
      text[at] = static_cast<char>(c);
      CAPTURE(c);
      CAPTURE(at);
      const bool pads = c == '=' && at == 3;
      CHECK(static_cast<bool>(decode_base64(text)) == (allowed || pads));
    }
  }
}

TEST_CASE("padding elsewhere than at the end is refused") {
  for (const auto* text :
       {"Z=g=", "=Zg=", "Zg==Zg==", "Zm8=Zm8=", "====", "Z===", "Zm9v====", "Zm9v=", "=", "=="})
    CHECK_FALSE(decode_base64(text));
}

TEST_CASE("a length that is no multiple of four is refused") {
  for (const auto* text : {"Z", "Zg", "Zg=", "Zm9vY", "Zm9vYg", "Zm9vYg="})
    CHECK_FALSE(decode_base64(text));
}

TEST_CASE("bits after the last octet must be zero") {
  CHECK(decode_base64("Zg=="));
  for (const auto* text : {"Zh==", "Zv==", "Zm9=", "Zm+=", "Zm//Zm9="})
    CHECK_FALSE(decode_base64(text));
}

TEST_CASE("a text of max_base64 characters is decoded, a longer one is not") {
  CHECK(decoded(std::string(max_base64 - 4, 'A')).size() == (max_base64 - 4) / 4 * 3);
  CHECK(decoded(std::string(max_base64, 'A')).size() == max_base64 / 4 * 3);
  CHECK_FALSE(decode_base64(std::string(max_base64 + 4, 'A')));
}
