// SPDX-License-Identifier: ISC
#include "base/hex.hpp"

#include <array>
#include <doctest/doctest.h>

TEST_CASE("each octet is two digits") {
  CHECK(base::hex({}).empty());
  constexpr std::array<unsigned char, 5> octets{0x00, 0x0f, 0x10, 0xab, 0xff};
  CHECK(base::hex(octets) == "000f10abff");
}
