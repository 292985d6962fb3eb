// SPDX-License-Identifier: ISC
#include "base/split.hpp"

#include <doctest/doctest.h>
#include <ostream>

TEST_CASE("fields are taken from the front, without their separators") {
  std::string_view text = "one::three:";
  CHECK(base::take_field(text, ':') == "one");
  CHECK(text == ":three:");
  CHECK(base::take_field(text, ':') == "");
  CHECK(base::take_field(text, ':') == "three");
  CHECK(text == "");
  CHECK(base::take_field(text, ':') == "");
}

TEST_CASE("text without a separator is one field") {
  std::string_view text = "one two";
  CHECK(base::take_field(text, ':') == "one two");
  CHECK(text == "");
}
