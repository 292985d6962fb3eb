// SPDX-License-Identifier: ISC
#include "base/number.hpp"

#include <cstdint>
#include <doctest/doctest.h>
#include <ostream>

using base::parse_number;
using base::parse_unpadded_number;

TEST_CASE("a number is all of its text, up to the largest of its type") {
  CHECK(parse_number<std::uint16_t>("0") == 0);
  CHECK(parse_number<std::uint16_t>("007") == 7);
  CHECK(parse_number<std::uint16_t>("65535") == 65535);
  CHECK_FALSE(parse_number<std::uint16_t>("65536"));
  CHECK(parse_number<std::uint64_t>("18446744073709551615") == UINT64_MAX);
  CHECK_FALSE(parse_number<std::uint64_t>("18446744073709551616"));
  CHECK(parse_number<std::int64_t>("-1") == -1);
}

TEST_CASE("other text than digits is refused") {
  for (const auto* text : {"", " 1", "1 ", "+1", "-1", "0x1", "1.0", "1e3", "x", "1\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_number<unsigned>(text));
    CHECK_FALSE(parse_unpadded_number<unsigned>(text));
  }
  CHECK_FALSE(parse_number<unsigned>(std::string_view("1\0", 2)));
}

TEST_CASE("leading zeros are refused where they are not wanted") {
  CHECK(parse_unpadded_number<unsigned>("0") == 0);
  CHECK(parse_unpadded_number<unsigned>("10") == 10);
  for (const auto* text : {"00", "01", "010"})
    CHECK_FALSE(parse_unpadded_number<unsigned>(text));
}
