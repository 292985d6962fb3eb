// SPDX-License-Identifier: ISC
#include "pop3/line_reader.hpp"

#include "support/cuts.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <memory>
#include <string>

using namespace std::string_literals;
using pop3::LineReader;
using pop3::max_line;
using Kind = pop3::Line::Kind;

namespace {

struct Got {
  Kind kind;
  std::string text;
  bool operator==(const Got&) const = default;
};
using AllGot = std::vector<Got>;

void feed(LineReader& reader, std::string_view piece, AllGot& got) {
  while (!piece.empty()) {
    const auto space = reader.space();
    REQUIRE_FALSE(space.empty());
    const auto part = piece.substr(0, space.size());
    std::copy(part.begin(), part.end(), space.begin());
    reader.filled(part.size());
    piece.remove_prefix(part.size());
    while (const auto line = reader.next())
      got.push_back({line->kind, std::string(line->text)});
  }
}

AllGot read(const support::Pieces& pieces) {
  LineReader reader;
  AllGot got;
  for (const auto piece : pieces)
    feed(reader, piece, got);
  return got;
}

Got text(std::string line) {
  return {Kind::text, std::move(line)};
}

void expect(std::string_view input, const AllGot& wanted) {
  support::for_each_cut(input, [&](const support::Pieces& pieces) {
    CAPTURE(pieces.size());
    CAPTURE(pieces.front().size());
    REQUIRE((read(pieces) == wanted));
  });
}

/// True when `text` is in a reader's memory, which is the result of the first space().
bool holds(std::span<const char> memory, std::string_view text) {
  return std::string_view(memory.data(), memory.size()).find(text) != std::string_view::npos;
}

} // namespace

TEST_CASE("a line ends with CRLF, and LF alone is accepted") {
  expect("NOOP\r\n", {text("NOOP")});
  expect("NOOP\n", {text("NOOP")});
}

TEST_CASE("lines come one by one in order of arrival, however the input is cut") {
  expect("USER alice\r\nPASS a b  c \r\n\r\nSTAT\nQUIT\r\n",
         {text("USER alice"), text("PASS a b  c "), text(""), text("STAT"), text("QUIT")});
}

TEST_CASE("a line without its end is not given out") {
  expect("NOOP", {});
  expect("NOOP\r", {});
  expect("STAT\r\nNOOP\r", {text("STAT")});
}

TEST_CASE("octets above 0x7f pass as they are") {
  expect("PASS p\xc3\xa4\xff\x80\x01\x7f\r\n", {text("PASS p\xc3\xa4\xff\x80\x01\x7f")});
}

TEST_CASE("a line with NUL is malformed and the next is not") {
  expect("NO\0OP\r\nNOOP\r\n"s, {{Kind::malformed, ""}, text("NOOP")});
  expect("\0\r\n"s, {{Kind::malformed, ""}});
  expect("NOOP\0\n"s, {{Kind::malformed, ""}});
}

TEST_CASE("a CR that does not stand before the LF makes a line malformed") {
  expect("NO\rOP\r\nNOOP\r\n", {{Kind::malformed, ""}, text("NOOP")});
  expect("NOOP\r\r\n", {{Kind::malformed, ""}});
  expect("\rNOOP\n", {{Kind::malformed, ""}});
  expect("\r\r\n", {{Kind::malformed, ""}});
}

TEST_CASE("a line of exactly max_line octets is accepted, one octet more is not") {
  for (const std::string end : {"\r\n", "\n"})
    for (const int more : {-1, 0, 1}) {
      CAPTURE(end);
      CAPTURE(more);
      const std::string line(max_line + static_cast<std::size_t>(more + 1) - 1 - end.size(), 'a');
      const auto wanted = more > 0 ? Got{Kind::overlong, ""} : text(line);
      expect(line + end + "NOOP\r\n", {wanted, text("NOOP")});
    }
}

TEST_CASE("an overlong line is reported once, at its end, whatever it holds") {
  std::string line(40 * max_line, 'a');
  for (std::size_t at = 0; at < line.size(); at += 1000)
    line.replace(at, 6, "\rDELE\0"s);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, max_line, line.size()}) {
    LineReader reader;
    AllGot got;
    for (std::size_t at = 0; at < line.size(); at += piece)
      feed(reader, std::string_view(line).substr(at, piece), got);
    CHECK(got.empty());
    feed(reader, "\r\nNOOP\r\n", got);
    CHECK((got == AllGot{{Kind::overlong, ""}, text("NOOP")}));
  }
}

TEST_CASE("a line of 100 MB costs no memory, and what follows is understood") {
  const auto reader = std::make_unique<LineReader>();
  AllGot got;
  const std::string block(1 << 20, 'x');
  for (int i = 0; i < 100; ++i)
    feed(*reader, block, got);
  CHECK(got.empty());
  feed(*reader, "\nQUIT\n", got);
  CHECK((got == AllGot{{Kind::overlong, ""}, text("QUIT")}));
  CHECK(sizeof(LineReader) <= 2 * max_line + 64);
}

TEST_CASE("several overlong lines are several lines") {
  const std::string line = std::string(max_line, 'a') + "\r\n";
  AllGot got;
  LineReader reader;
  feed(reader, line + line + "NOOP\r\n" + line, got);
  CHECK((got ==
         AllGot{{Kind::overlong, ""}, {Kind::overlong, ""}, text("NOOP"), {Kind::overlong, ""}}));
}

TEST_CASE("long pipelined input comes out whole") {
  std::string input;
  AllGot wanted;
  for (std::size_t i = 0; i < 3000; ++i) {
    wanted.push_back(text(std::string(i % 97, static_cast<char>('a' + i % 26))));
    input += wanted.back().text + (i % 3 == 0 ? "\n" : "\r\n");
  }
  for (const std::size_t piece :
       {std::size_t{1}, std::size_t{13}, std::size_t{8191}, std::size_t{8193}, input.size()}) {
    LineReader reader;
    AllGot got;
    for (std::size_t at = 0; at < input.size(); at += piece)
      feed(reader, std::string_view(input).substr(at, piece), got);
    CHECK((got == wanted));
  }
}

TEST_CASE("a line is wiped from memory once the next call asks for more") {
  const std::string secret = "hunter2-hunter2";
  for (const std::size_t before : {std::size_t{0}, std::size_t{9000}, std::size_t{16000}}) {
    CAPTURE(before);
    LineReader reader;
    const auto memory = reader.space();
    AllGot got;
    std::string input;
    while (input.size() < before)
      input += "NOOP\r\n";
    feed(reader, input + "PASS hunter2", got);
    CHECK(holds(memory, "hunter2"));
    feed(reader, "-hunter2\r\n", got);
    CHECK(got.back().text == "PASS " + secret);
    CHECK_FALSE(holds(memory, "hunter"));
  }
}

TEST_CASE("a line lives until the next call and no longer") {
  LineReader reader;
  const auto memory = reader.space();
  const std::string_view input = "PASS hunter2\r\nSTAT\r\n";
  std::copy(input.begin(), input.end(), reader.space().begin());
  reader.filled(input.size());
  const auto line = reader.next();
  REQUIRE(line);
  CHECK(line->text == "PASS hunter2");
  CHECK(holds(memory, "hunter2"));
  const auto following = reader.next();
  REQUIRE(following);
  CHECK(following->text == "STAT");
  CHECK_FALSE(holds(memory, "hunter2"));
}

TEST_CASE("octets that are not given out are known, whether they are a line or not") {
  LineReader reader;
  AllGot got;
  CHECK_FALSE(reader.has_rest());
  feed(reader, "NOOP\r\n", got);
  CHECK_FALSE(reader.has_rest());
  feed(reader, "QU", got);
  CHECK(reader.has_rest());
  const std::string_view rest = "IT\r\nX\r\n";
  std::copy(rest.begin(), rest.end(), reader.space().begin());
  reader.filled(rest.size());
  REQUIRE(reader.next().has_value());
  CHECK(reader.has_rest());
  REQUIRE(reader.next().has_value());
  CHECK_FALSE(reader.has_rest());
}
