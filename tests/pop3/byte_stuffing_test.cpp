// SPDX-License-Identifier: ISC
#include "pop3/byte_stuffing.hpp"
#include "support/append_stuffed.hpp"

#include "support/cuts.hpp"
#include "support/wire_text.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <random>
#include <stdexcept>
#include <string>

using namespace std::string_literals;
using pop3::ByteStuffing;

namespace {

std::string stuffed(const support::Pieces& pieces, ByteStuffing& stuffing) {
  std::string out;
  for (const auto piece : pieces) {
    const auto before = out.size();
    support::append_stuffed(stuffing, piece, out);
    REQUIRE(out.size() - before <= 2 * piece.size() + 2);
  }
  support::append_end(stuffing, out);
  return out;
}

void expect(std::string_view stored, const std::string& wire) {
  const auto octets = support::wire_octets(stored);
  support::for_each_cut(stored, [&](const support::Pieces& pieces) {
    ByteStuffing stuffing;
    CAPTURE(pieces.size());
    REQUIRE(stuffed(pieces, stuffing) == wire);
    REQUIRE(stuffing.octets() == octets);
  });
}

void expect_top(std::string_view stored, std::uint64_t lines, const std::string& wire) {
  support::for_each_cut(stored, [&](const support::Pieces& pieces) {
    ByteStuffing stuffing(lines);
    CAPTURE(pieces.size());
    REQUIRE(stuffed(pieces, stuffing) == wire);
  });
}

/// A random message of the octets that matter to byte-stuffing.
std::string random_message(std::mt19937& random, unsigned parts_below = 14) {
  static const std::string parts[] = {"\n", "\r\n", "\r", ".", "..", "a", "bc", "\0"s, "\n\n"};
  std::string message;
  for (auto left = random() % parts_below; left > 0; --left)
    message += parts[random() % std::size(parts)];
  return message;
}

/// Lines of `length` octets that begin with a dot, `octets` octets in all.
std::string lines_of_dots(std::size_t length, std::size_t octets) {
  std::string message;
  while (message.size() < octets)
    message.append(length, '.').append("\n");
  message.resize(octets);
  return message;
}

} // namespace

TEST_CASE("LF becomes CRLF, and CRLF stays") {
  expect("a\nb\n", "a\r\nb\r\n");
  expect("a\r\nb\r\n", "a\r\nb\r\n");
  expect("a\nb\r\n\nc\r\n\r\n", "a\r\nb\r\n\r\nc\r\n\r\n");
}

TEST_CASE("a dot at the start of a line is doubled, and nowhere else") {
  expect(".\n", "..\r\n");
  expect("..\n", "...\r\n");
  expect(".a\n.b", "..a\r\n..b\r\n");
  expect("a.\n.a.b.\n", "a.\r\n..a.b.\r\n");
  expect("\r.\n", "\r.\r\n");
  expect(".\r\n.\r\n", "..\r\n..\r\n");
}

TEST_CASE("a last line without an end gets one") {
  expect("a", "a\r\n");
  expect("a\nb", "a\r\nb\r\n");
  expect(".", "..\r\n");
  expect("a\r", "a\r\r\n");
}

TEST_CASE("an empty message stays empty") {
  expect("", "");
}

TEST_CASE("a CR that is not before a LF passes as it is") {
  expect("a\rb\n", "a\rb\r\n");
  expect("\r\r\n", "\r\r\n");
  expect("\ra\r\r\r\n\r", "\ra\r\r\r\n\r\r\n");
}

TEST_CASE("NUL and octets above 0x7f pass as they are") {
  expect("a\0b\n\0"s, "a\0b\r\n\0\r\n"s);
  expect("\xff\x80\n", "\xff\x80\r\n");
}

TEST_CASE("TOP sends the header, the blank line and so many lines of the body") {
  const std::string stored = "A: 1\nB: 2\n\none\n.two\nthree\n";
  expect_top(stored, 0, "A: 1\r\nB: 2\r\n\r\n");
  expect_top(stored, 1, "A: 1\r\nB: 2\r\n\r\none\r\n");
  expect_top(stored, 2, "A: 1\r\nB: 2\r\n\r\none\r\n..two\r\n");
  for (const std::uint64_t lines :
       {std::uint64_t{3}, std::uint64_t{4}, ByteStuffing::whole - 1, ByteStuffing::whole})
    expect_top(stored, lines, "A: 1\r\nB: 2\r\n\r\none\r\n..two\r\nthree\r\n");
}

TEST_CASE("TOP counts blank lines of the body like any other") {
  expect_top("A: 1\n\n\n\nx\n", 2, "A: 1\r\n\r\n\r\n\r\n");
  expect_top("A: 1\r\n\r\n\r\nx", 1, "A: 1\r\n\r\n\r\n");
}

TEST_CASE("TOP of a message without a blank line sends all of it") {
  expect_top("A: 1\nB: 2\n", 0, "A: 1\r\nB: 2\r\n");
  expect_top("A: 1\nB: 2", 0, "A: 1\r\nB: 2\r\n");
  expect_top("", 5, "");
  expect_top("A: 1\n\r\r\n", 0, "A: 1\r\n\r\r\n");
}

TEST_CASE("TOP of a message that begins with the blank line has no header") {
  expect_top("\nbody\nmore\n", 0, "\r\n");
  expect_top("\r\nbody\nmore\n", 1, "\r\nbody\r\n");
}

TEST_CASE("it is done as soon as no further block can add anything") {
  ByteStuffing top(1);
  std::string out;
  support::append_stuffed(top, "A: 1\n\none", out);
  CHECK_FALSE(top.is_done());
  support::append_stuffed(top, "\n", out);
  CHECK(top.is_done());
  support::append_stuffed(top, "two\n", out);
  support::append_end(top, out);
  CHECK(out == "A: 1\r\n\r\none\r\n");
  ByteStuffing whole;
  support::append_stuffed(whole, "A: 1\n\none\n", out);
  CHECK_FALSE(whole.is_done());
}

TEST_CASE("a line longer than any block streams through") {
  ByteStuffing stuffing;
  std::string out;
  const std::string block(100'000, '.');
  for (int i = 0; i < 10; ++i)
    support::append_stuffed(stuffing, block, out);
  support::append_end(stuffing, out);
  CHECK(out.size() == 1'000'000 + 1 + 2);
  CHECK(stuffing.octets() == 1'000'000 + 2);
}

TEST_CASE("generated messages go out as the slow model says, cut anywhere") {
  std::mt19937 random(1939);
  for (int i = 0; i < 4000; ++i) {
    const auto stored = random_message(random);
    expect(stored, support::on_the_wire(support::lines_of(stored)));
  }
}

TEST_CASE("longer generated messages go out as the slow model says, cut anywhere") {
  std::mt19937 random(5034);
  for (int i = 0; i < 60; ++i) {
    const auto stored = random_message(random, 400);
    expect(stored, support::on_the_wire(support::lines_of(stored)));
  }
}

TEST_CASE("lines of any length go out as the slow model says") {
  for (std::size_t length = 0; length < 200; ++length) {
    const auto stored = lines_of_dots(length, 1000 + length % 7);
    expect(stored, support::on_the_wire(support::lines_of(stored)));
  }
}

TEST_CASE("blocks of any size around the one that is read at once keep to their space") {
  constexpr std::size_t block = 256 * 1024;
  for (const std::size_t octets : {block - 1, block, block + 1})
    for (const std::string line : {"\n", "\r\n", ".\n", "a.\n", "\r", "x"}) {
      std::string stored;
      while (stored.size() < octets)
        stored += line;
      stored.resize(octets);
      ByteStuffing stuffing;
      REQUIRE(stuffed({stored}, stuffing) == support::on_the_wire(support::lines_of(stored)));
      REQUIRE(stuffing.octets() == support::wire_octets(stored));
    }
}

TEST_CASE("too little space is refused before anything is written") {
  ByteStuffing stuffing;
  std::string space(ByteStuffing::space_for(3), 'x');
  CHECK_THROWS_AS(stuffing.stuff("a\nbc", space), std::length_error);
  CHECK_THROWS_AS(stuffing.finish(std::span(space).first(1)), std::length_error);
  CHECK(space == std::string(ByteStuffing::space_for(3), 'x'));
  CHECK(stuffing.octets() == 0);
  CHECK(stuffing.stuff("a\nb", space) == 4);
}

TEST_CASE("the beginnings of generated messages go out as the slow model says") {
  std::mt19937 random(2449);
  for (int i = 0; i < 2000; ++i) {
    const auto stored = random_message(random);
    const auto lines = support::lines_of(stored);
    for (std::uint64_t wanted = 0; wanted < 4; ++wanted)
      expect_top(stored, wanted, support::on_the_wire(support::top_of(lines, wanted)));
  }
}
