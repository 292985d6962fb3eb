// SPDX-License-Identifier: ISC
#include "passwords/hash_text.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace passwords;

TEST_CASE("a number is one of 32 bits from 1, in one way of writing") {
  std::string_view text = "m=4294967295,t=1";
  CHECK(take_number(text, "m=") == 4294967295u);
  CHECK(text == ",t=1");
  CHECK(take_number(text, ",t=") == 1u);
  CHECK(text.empty());
  for (std::string_view bad : {"m=0", "m=01", "m=4294967296", "m=-1", "m=+1", "m= 1", "m=", "t=1"})
    CHECK_FALSE(take_number(bad, "m=").has_value());
}

TEST_CASE("crypt text has 64 digits and a length within bounds") {
  CHECK(crypt_digits.size() == 64);
  CHECK(is_crypt_text(crypt_digits, 64, 64));
  CHECK_FALSE(is_crypt_text("ab", 3, 4));
  CHECK(is_crypt_text("abc", 3, 4));
  CHECK(is_crypt_text("abcd", 3, 4));
  CHECK_FALSE(is_crypt_text("abcde", 3, 4));
  for (const char c : std::string("-+=$,:\0\n \xff", 10))
    CHECK_FALSE(is_crypt_text({&c, 1}, 1, 1));
}
