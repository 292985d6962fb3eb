// SPDX-License-Identifier: ISC
#include "base/base64.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <random>
#include <string>

using namespace std::string_literals;
using base::Base64;
using base::decode_base64;
using base::encode_base64;

namespace {

std::string decoded(std::string_view text) {
  const auto octets = decode_base64(text);
  CAPTURE(text);
  REQUIRE(octets);
  return std::string(octets->reveal());
}

std::optional<std::string> url_decoded(std::string_view text) {
  const auto octets = decode_base64(text, Base64::url);
  return octets ? std::optional(std::string(octets->reveal())) : std::nullopt;
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

TEST_CASE("a text of any length is decoded") {
  CHECK(decoded(std::string(100'000, 'A')).size() == 75'000);
}

TEST_CASE("without padding the same text is shorter, and padding is refused") {
  for (const auto& [octets, text] : {std::pair("f", "Zg"), {"fo", "Zm8"}, {"foo", "Zm9v"}}) {
    CHECK(encode_base64(octets, Base64::unpadded) == text);
    CHECK(decode_base64(text, Base64::unpadded)->reveal() == octets);
  }
  for (const auto* text : {"Zg==", "Zm8=", "Zm9v=", "Z", "Zh", "A-z_"})
    CHECK_FALSE(decode_base64(text, Base64::unpadded));
}

TEST_CASE("the examples of RFC 4648 section 10 are decoded without their padding") {
  CHECK(url_decoded("") == "");
  CHECK(url_decoded("Zg") == "f");
  CHECK(url_decoded("Zm8") == "fo");
  CHECK(url_decoded("Zm9v") == "foo");
  CHECK(url_decoded("Zm9vYg") == "foob");
  CHECK(url_decoded("Zm9vYmE") == "fooba");
  CHECK(url_decoded("Zm9vYmFy") == "foobar");
}

TEST_CASE("the example of RFC 7515 appendix C has both characters of the alphabet for URLs") {
  CHECK(url_decoded("A-z_4ME") == "\x03\xec\xff\xe0\xc1");
}

TEST_CASE("octets that are no text are decoded too") {
  using namespace std::string_literals;
  CHECK(url_decoded("AP8A") == "\0\xff\0"s);
}

TEST_CASE("padding, other alphabets, blanks and impossible lengths are refused") {
  for (const auto* text : {"Zg==", "Zm8=", "=", "Zg=", "A+z/4ME", "Zm 9v", "Zm9v\n", " Zm9v",
                           "Zm9v.", "Z", "Zm9vY", "Zm9v\x80", "\xc3\xa9", "Zm\x80v", "\xff_8"})
    CHECK_FALSE_MESSAGE(url_decoded(text), text);
  CHECK_FALSE(url_decoded(std::string_view("Zm9v\0", 5)));
}

TEST_CASE("bits behind the last octet have to be zero") {
  for (const auto* text : {"Zh", "Zv", "Zm9", "Zm-"})
    CHECK_FALSE_MESSAGE(url_decoded(text), text);
}
