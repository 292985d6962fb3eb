// SPDX-License-Identifier: ISC
#include "pop3/sasl_name.hpp"

#include "pop3/limits.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace std::string_literals;
using pop3::decode_sasl_name;
using pop3::is_sasl_name;
using pop3::is_utf8;

namespace {

std::string encoded(std::uint32_t code_point, std::size_t length) {
  std::string text(length, '\0');
  for (std::size_t i = length; i-- > 1; code_point >>= 6)
    text[i] = static_cast<char>(0x80 | (code_point & 0x3f));
  const std::uint32_t marks[] = {0, 0, 0xc0, 0xe0, 0xf0, 0xf8};
  text[0] = static_cast<char>(marks[length] | code_point);
  return text;
}

std::size_t shortest(std::uint32_t code_point) {
  return code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
}

} // namespace

TEST_CASE("UTF-8 is every code point but NUL and the surrogates, in its shortest form") {
  for (std::uint32_t point = 0; point < 0x120000; ++point) {
    const bool is_good = point != 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
    if (is_utf8(encoded(point, shortest(point))) != is_good)
      FAIL_CHECK("code point " << point);
  }
  for (const std::uint32_t point : {0x01u, 0x2fu, 0x7fu, 0x80u, 0x7ffu, 0x800u, 0xffffu})
    for (auto length = shortest(point) + 1; length <= 5; ++length)
      CHECK_FALSE(is_utf8(encoded(point, length)));
}

TEST_CASE("UTF-8 ends with whole code points") {
  CHECK(is_utf8(""));
  CHECK(is_utf8("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z"));
  for (const auto* text : {"\xc3", "\xe2\x82", "\xf0\x9f\x98", "a\x80", "\xc3(", "\xe2\x82(",
                           "\xf0\x9f\x98(", "\xc3\xa4\xa4", "\xff", "\xfe", "\xf5\x80\x80\x80",
                           "\xf7\xbf\xbf\xbf", "\xf8\x88\x80\x80\x80"})
    CHECK_FALSE(is_utf8(text));
  CHECK_FALSE(is_utf8("a\0b"s));
}

TEST_CASE("a name has 1 to max_user_name octets") {
  CHECK_FALSE(is_sasl_name(""));
  CHECK(is_sasl_name("a"));
  for (const std::size_t length : {pop3::max_user_name - 1, pop3::max_user_name})
    CHECK(is_sasl_name(std::string(length, 'a')));
  CHECK_FALSE(is_sasl_name(std::string(pop3::max_user_name + 1, 'a')));
}

TEST_CASE("commas and equals signs in a name are escaped, in this way only") {
  CHECK(decode_sasl_name("a=2Cb=3D=2C") == "a,b=,");
  CHECK(decode_sasl_name("=3D2C") == "=2C");
  for (const auto* text : {"", "=", "=2", "=2c", "=3d", "a=b", "=41", "a="})
    CHECK_FALSE(decode_sasl_name(text));
  CHECK_FALSE(decode_sasl_name("a\0b"s));
  CHECK_FALSE(decode_sasl_name("\xe4"));
}

TEST_CASE("the length of a name is that of what is decoded") {
  const auto escaped = [](std::size_t times) {
    std::string text;
    while (times-- > 0)
      text += "=2C";
    return text;
  };
  for (const std::size_t length : {pop3::max_user_name - 1, pop3::max_user_name})
    CHECK(decode_sasl_name(escaped(length)) == std::string(length, ','));
  CHECK_FALSE(decode_sasl_name(escaped(pop3::max_user_name + 1)));
}

TEST_CASE("a GS2 header is taken off the message, and kept as it was sent") {
  for (const auto& [text, identity] :
       {std::pair{"n,,", ""}, {"y,,", ""}, {"n,a=bob,", "bob"}, {"y,a==2C=3D,", ",="}}) {
    const auto message = std::string(text) + "n=x,r=y";
    std::string_view rest = message;
    const auto header = pop3::take_gs2_header(rest);
    REQUIRE(header);
    CHECK(header->text == text);
    CHECK(header->authorization_identity == identity);
    CHECK(rest == "n=x,r=y");
  }
}

TEST_CASE("a GS2 header that binds a channel, or is malformed, is refused") {
  for (const auto* text : {"", "n", "n,", "n,a=bob", ",,", "p=tls-unique,,", "p,,", "N,,", "x,,",
                           "F,n,,", "n,bob,", "n,a=,", "n,a==,", "n,A=bob,", "n ,,", " n,,"}) {
    std::string_view rest = text;
    CHECK_FALSE(pop3::take_gs2_header(rest));
  }
}
