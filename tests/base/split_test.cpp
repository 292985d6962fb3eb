// SPDX-License-Identifier: ISC
#include "base/split.hpp"

#include <doctest/doctest.h>
#include <ostream>

TEST_CASE("fields are taken from the front, without their separators") {
  std::string_view text = "one::three:";
  CHECK(base::take_field(text, ":") == "one");
  CHECK(text == ":three:");
  CHECK(base::take_field(text, ":") == "");
  CHECK(base::take_field(text, ":") == "three");
  CHECK(text == "");
  CHECK(base::take_field(text, ":") == "");
}

TEST_CASE("a field ends at the first of several separators") {
  std::string_view text = "a b\tc";
  CHECK(base::take_field(text, " \t") == "a");
  CHECK(base::take_field(text, " \t") == "b");
  CHECK(base::take_field(text, " \t") == "c");
}

TEST_CASE("text is trimmed at both ends, and not within") {
  CHECK(base::trimmed(" \t a  b \r\t ") == "a  b");
  CHECK(base::trimmed("a") == "a");
  CHECK(base::trimmed(" \t\r") == "");
  CHECK(base::trimmed("") == "");
}

TEST_CASE("words have blanks between them") {
  using Words = std::vector<std::string>;
  CHECK(base::words_of("/bin/check") == Words{"/bin/check"});
  CHECK(base::words_of(" /bin/check -a \t 'b c'  ") == Words{"/bin/check", "-a", "'b", "c'"});
  CHECK(base::words_of("").empty());
  CHECK(base::words_of(" \t").empty());
}

TEST_CASE("text without a separator is one field") {
  std::string_view text = "one two";
  CHECK(base::take_field(text, ":") == "one two");
  CHECK(text == "");
}
