// SPDX-License-Identifier: ISC
#include "admin/help.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <stdlib.h>

using admin::fitted;

TEST_CASE("a sentence is broken at the last blank that leaves the line short enough") {
  CHECK(fitted("one two three\n", 13) == "one two three\n");
  CHECK(fitted("one two three\n", 12) == "one two\nthree\n");
  CHECK(fitted("one two three\n\nfour\n", 7) == "one two\nthree\n\nfour\n");
  CHECK(fitted("one twothreefour five\n", 5) == "one\ntwothreefour\nfive\n");
  CHECK(fitted("word\n", 2) == "word\n");
}

TEST_CASE("the rest of a sentence goes to the next line of the same sentence") {
  CHECK(fitted("one two three\nfour five\n\nsix\n", 9) == "one two\nthree\nfour five\n\nsix\n");
  CHECK(fitted("one two three\nfour five\n", 12) == "one two\nthree four\nfive\n");
  CHECK(fitted("one two three\n  four\n", 9) == "one two\nthree\n  four\n");
}

TEST_CASE("the rest of an explanation stands below its beginning") {
  const std::string item = "  --a B" + std::string(25, ' ');
  const std::string below(32, ' ');
  CHECK(fitted(item + "one two three\n", 40) == item + "one two\n" + below + "three\n");
  CHECK(fitted(item + "one two three\n", 34) ==
        item + "one\n" + below + "two\n" + below + "three\n");
  CHECK(fitted("  --a-long-option VALUE-OF-IT\n", 20) == "  --a-long-option VALUE-OF-IT\n");
}

TEST_CASE("COLUMNS is the width if it is a number") {
  REQUIRE(setenv("COLUMNS", "57", 1) == 0);
  CHECK(admin::output_width() == 57);
  for (const auto* none : {"", "0", "wide", "-1"}) {
    REQUIRE(setenv("COLUMNS", none, 1) == 0);
    CHECK(admin::output_width() != 0);
    CHECK(admin::output_width() != 57);
  }
  unsetenv("COLUMNS");
}
