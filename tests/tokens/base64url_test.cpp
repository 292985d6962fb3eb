// SPDX-License-Identifier: ISC
#include "tokens/base64url.hpp"

#include <doctest/doctest.h>

using tokens::decode_base64url;

TEST_CASE("the examples of RFC 4648 section 10 are decoded without their padding") {
  CHECK(decode_base64url("") == "");
  CHECK(decode_base64url("Zg") == "f");
  CHECK(decode_base64url("Zm8") == "fo");
  CHECK(decode_base64url("Zm9v") == "foo");
  CHECK(decode_base64url("Zm9vYg") == "foob");
  CHECK(decode_base64url("Zm9vYmE") == "fooba");
  CHECK(decode_base64url("Zm9vYmFy") == "foobar");
}

TEST_CASE("the example of RFC 7515 appendix C has both characters of the alphabet for URLs") {
  CHECK(decode_base64url("A-z_4ME") == "\x03\xec\xff\xe0\xc1");
}

TEST_CASE("octets that are no text are decoded too") {
  using namespace std::string_literals;
  CHECK(decode_base64url("AP8A") == "\0\xff\0"s);
}

TEST_CASE("padding, other alphabets, blanks and impossible lengths are refused") {
  for (const auto* text : {"Zg==", "Zm8=", "=", "Zg=", "A+z/4ME", "Zm 9v", "Zm9v\n", " Zm9v",
                           "Zm9v.", "Z", "Zm9vY", "Zm9v\x80", "\xc3\xa9", "Zm\x80v", "\xff_8"})
    CHECK_FALSE_MESSAGE(decode_base64url(text), text);
  CHECK_FALSE(decode_base64url(std::string_view("Zm9v\0", 5)));
}

TEST_CASE("bits behind the last octet have to be zero") {
  for (const auto* text : {"Zh", "Zv", "Zm9", "Zm-"})
    CHECK_FALSE_MESSAGE(decode_base64url(text), text);
}
