// SPDX-License-Identifier: ISC
#include "base/split.hpp"

#include <cstdint>
#include <doctest/doctest.h>
#include <ostream>

using base::take_field;
using base::take_line;
using base::take_number_line;
using base::take_prefix;

TEST_CASE("a field ends at the first separator, which is taken with it") {
  std::string_view text = "one:two\t:";
  CHECK(take_field(text, ":\t") == "one");
  CHECK(text == "two\t:");
  CHECK(take_field(text, ":\t") == "two");
  CHECK(take_field(text, ":\t") == "");
  CHECK(text.empty());
  CHECK(take_field(text, ":\t") == "");
}

TEST_CASE("without a separator the field is the whole text") {
  std::string_view text = "one two";
  CHECK(take_field(text, ':') == "one two");
  CHECK(text.empty());
}

TEST_CASE("a prefix is taken only when it is there") {
  std::string_view text = "$2y$05";
  CHECK_FALSE(take_prefix(text, "$2a$"));
  CHECK_FALSE(take_prefix(text, "$2y$05x"));
  CHECK(text == "$2y$05");
  CHECK(take_prefix(text, "$2y$"));
  CHECK(text == "05");
  CHECK(take_prefix(text, ""));
  CHECK(take_prefix(text, "05"));
  CHECK(text.empty());
}

TEST_CASE("a line is taken with its end when it has the label") {
  std::string_view text = "size 12\nname \nname a\nname b";
  CHECK_FALSE(take_line(text, "name "));
  CHECK(text == "size 12\nname \nname a\nname b");
  CHECK(take_line(text, "size ") == "12");
  CHECK(take_line(text, "name ") == "");
  CHECK(take_line(text, "name ") == "a");
  CHECK_FALSE(take_line(text, "name "));
  CHECK(text == "name b");
}

TEST_CASE("a line with a number has nothing else") {
  std::string_view text = "n=7\nn=-7\nn=7 \nn=\nn=256\nm=1\n";
  CHECK(take_number_line<std::uint8_t>(text, "n=") == 7);
  CHECK(take_number_line<std::int8_t>(text, "n=") == -7);
  for (int i = 0; i < 4; ++i)
    CHECK_FALSE(take_number_line<std::uint8_t>(text, "n="));
  CHECK(text == "m=1\n");
}

TEST_CASE("fields are taken from the front, without their separators") {
  std::string_view text = "one::three:";
  CHECK(base::take_field(text, ":") == "one");
  CHECK(text == ":three:");
  CHECK(base::take_field(text, ":") == "");
  CHECK(base::take_field(text, ":") == "three");
  CHECK(text == "");
  CHECK(base::take_field(text, ":") == "");
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
  CHECK(base::words_of("yes|no", "|") == Words{"yes", "no"});
}
