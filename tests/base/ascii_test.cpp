// SPDX-License-Identifier: ISC
#include "base/ascii.hpp"

#include <doctest/doctest.h>

TEST_CASE("control characters of ASCII are 0 to 31 and 127") {
  for (int c = 0; c < 256; ++c)
    CHECK(base::is_control(static_cast<char>(c)) == (c < 32 || c == 127));
}

TEST_CASE("only the 26 capitals of ASCII have another small letter") {
  for (int octet = 0; octet < 256; ++octet) {
    CAPTURE(octet);
    const bool is_capital = octet >= 'A' && octet <= 'Z';
    CHECK(base::to_lower(static_cast<char>(octet)) ==
          static_cast<char>(is_capital ? octet + 32 : octet));
  }
}

TEST_CASE("texts are equal in either case, and only with the same length") {
  CHECK(base::equal_ignoring_case("", ""));
  CHECK(base::equal_ignoring_case("QuIt", "qUiT"));
  CHECK_FALSE(base::equal_ignoring_case("QUIT", "QUI"));
  CHECK_FALSE(base::equal_ignoring_case("QUI", "QUIT"));
  CHECK_FALSE(base::equal_ignoring_case("QUIT", "QUIZ"));
  CHECK(base::equal_ignoring_case("sHa512-cRYPT", "SHA512-CRYPT"));
  CHECK_FALSE(base::equal_ignoring_case("SHA512_CRYPT", "SHA512-CRYPT"));
  CHECK_FALSE(base::equal_ignoring_case("[", "{"));
  CHECK_FALSE(base::equal_ignoring_case("\xc4", "\xe4"));
}
