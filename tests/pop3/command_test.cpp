// SPDX-License-Identifier: ISC
#include "pop3/command.hpp"

#include <doctest/doctest.h>
#include <limits>
#include <ostream>
#include <string>

using pop3::Grammar;
using pop3::MessageNumber;
using pop3::parse_arguments;
using pop3::parse_command;
using pop3::SyntaxError;

namespace {

pop3::Arguments parsed(Grammar grammar, std::optional<std::string_view> rest) {
  const auto arguments = parse_arguments(grammar, rest);
  CAPTURE(rest.value_or("(none)"));
  REQUIRE(arguments.has_value());
  return *arguments;
}

std::string_view refused(Grammar grammar, std::optional<std::string_view> rest) {
  const auto arguments = parse_arguments(grammar, rest);
  CAPTURE(rest.value_or("(none)"));
  REQUIRE_FALSE(arguments.has_value());
  return arguments.error();
}

constexpr auto no_message = std::numeric_limits<MessageNumber>::max();

} // namespace

TEST_CASE("the keyword ends at the first blank, and all that follows is the rest") {
  const auto bare = parse_command("NOOP");
  CHECK(bare.keyword == "NOOP");
  CHECK_FALSE(bare.rest);
  const auto empty = parse_command("NOOP ");
  CHECK(empty.keyword == "NOOP");
  CHECK(empty.rest == "");
  const auto blanks = parse_command("PASS  a  b ");
  CHECK(blanks.keyword == "PASS");
  CHECK(blanks.rest == " a  b ");
  const auto none = parse_command(" NOOP");
  CHECK(none.keyword == "");
  CHECK(none.rest == "NOOP");
  CHECK(parse_command("").keyword == "");
  CHECK(parse_command("NOOP\tx").keyword == "NOOP\tx");
}

TEST_CASE("keywords are compared without regard to case, and whole") {
  for (const auto* keyword : {"QUIT", "quit", "QuIt", "qUIT"})
    CHECK(parse_command(keyword).is("QUIT"));
  for (const auto* keyword : {"QUI", "QUITT", "", "Q\x55IT\x01", "\xd1UIT", "QUIT\r"})
    CHECK_FALSE(parse_command(keyword).is("QUIT"));
}

TEST_CASE("a command without arguments takes none but blanks") {
  parsed(Grammar::none, {});
  parsed(Grammar::none, "");
  parsed(Grammar::none, "   ");
  CHECK(refused(Grammar::none, "x") == SyntaxError::unexpected);
  CHECK(refused(Grammar::none, " x") == SyntaxError::unexpected);
}

TEST_CASE("an optional message number is there or not") {
  CHECK_FALSE(parsed(Grammar::optional_message, {}).message);
  CHECK_FALSE(parsed(Grammar::optional_message, " ").message);
  CHECK(parsed(Grammar::optional_message, "7").message == 7);
  CHECK(parsed(Grammar::optional_message, "7  ").message == 7);
  CHECK(refused(Grammar::optional_message, "7 8") == SyntaxError::unexpected);
}

TEST_CASE("a message number is missing, too many or no number") {
  CHECK(refused(Grammar::message, {}) == SyntaxError::missing);
  CHECK(refused(Grammar::message, "") == SyntaxError::missing);
  CHECK(refused(Grammar::message, "  ") == SyntaxError::missing);
  CHECK(refused(Grammar::message, "1 2") == SyntaxError::unexpected);
  for (const auto* text : {"-1", "+1", "01", "00", "1x", "x", "0x1", "1.0", "1,2", "1\t", "\t1",
                           "one", "*", "1-2", "\xd9\xa1", "1e3"})
    CHECK(refused(Grammar::message, text) == SyntaxError::no_number);
}

TEST_CASE("numbers end at 2^64 - 1") {
  CHECK(refused(Grammar::message, "18446744073709551616") == SyntaxError::no_number);
  CHECK(refused(Grammar::message, "99999999999999999999999999") == SyntaxError::no_number);
  CHECK(refused(Grammar::message_lines, "1 18446744073709551616") == SyntaxError::no_number);
  CHECK(parsed(Grammar::message_lines, "1 18446744073709551615").lines ==
        std::numeric_limits<std::uint64_t>::max());
  CHECK(parsed(Grammar::message_lines, "1 18446744073709551614").lines ==
        std::numeric_limits<std::uint64_t>::max() - 1);
}

TEST_CASE("message numbers that no maildrop can have read as the largest") {
  CHECK(parsed(Grammar::message, "4294967294").message == no_message - 1);
  for (const auto* text : {"0", "4294967295", "4294967296", "4294967297", "18446744073709551615"})
    CHECK(parsed(Grammar::message, text).message == no_message);
}

TEST_CASE("TOP takes a message number and a number of lines, one blank between") {
  const auto arguments = parsed(Grammar::message_lines, "3 0");
  CHECK(arguments.message == 3);
  CHECK(arguments.lines == 0);
  CHECK(parsed(Grammar::message_lines, "3 10 ").lines == 10);
  CHECK(refused(Grammar::message_lines, {}) == SyntaxError::missing);
  CHECK(refused(Grammar::message_lines, "3") == SyntaxError::missing);
  CHECK(refused(Grammar::message_lines, "3 ") == SyntaxError::missing);
  for (const auto* text : {"3  4", "3 -1", "3 +1", "x 1", "3 4 5", "3 04", "3 x", "-3 1", " 3 1"})
    CHECK(refused(Grammar::message_lines, text) == SyntaxError::no_number);
}

TEST_CASE("a text argument keeps every blank") {
  CHECK(parsed(Grammar::text, " a  b ").text == " a  b ");
  CHECK(parsed(Grammar::text, "").text == "");
  CHECK(refused(Grammar::text, {}) == SyntaxError::missing);
}

TEST_CASE("words lose the blanks at their end only") {
  CHECK(parsed(Grammar::words, {}).text == "");
  CHECK(parsed(Grammar::words, "PLAIN  x  ").text == "PLAIN  x");
  CHECK(parsed(Grammar::words, " PLAIN").text == " PLAIN");
}
