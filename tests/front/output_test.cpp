// SPDX-License-Identifier: ISC
#include "front/output.hpp"

#include "pop3/byte_stuffing.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <ostream>
#include <stdexcept>
#include <string>

using front::Output;

TEST_CASE("appended text stays in order until it is cleared") {
  Output out;
  CHECK(out.empty());
  out.append("+OK\r\n");
  out.append("");
  out.append("-ERR\r\n");
  CHECK(out.text() == "+OK\r\n-ERR\r\n");
  out.clear();
  CHECK(out.empty());
  CHECK(out.text() == "");
}

TEST_CASE("text is taken back from its end only") {
  Output out;
  out.append("+OK\r\n");
  out.append("+OK message\r\n");
  out.shorten(5);
  CHECK(out.text() == "+OK\r\n");
  out.shorten(6);
  CHECK(out.text() == "+OK\r\n");
  out.append("-ERR\r\n");
  CHECK(out.text() == "+OK\r\n-ERR\r\n");
}

TEST_CASE("text keeps its octets when it outgrows the small memory") {
  for (const std::size_t octets : {4095u, 4096u, 4097u, 100'000u}) {
    Output out;
    std::string text;
    while (text.size() < octets) {
      text += std::to_string(text.size()) + " ";
      text.resize(std::min(text.size(), octets));
    }
    for (const char c : text)
      out.append({&c, 1});
    CHECK(out.text() == text);
  }
}

TEST_CASE("it is full from a certain number of octets on") {
  Output out;
  out.append(std::string(Output::enough - 1, 'x'));
  CHECK_FALSE(out.is_full());
  out.append("x");
  CHECK(out.is_full());
  out.append("x");
  CHECK(out.is_full());
  out.clear();
  CHECK_FALSE(out.is_full());
}

TEST_CASE("while it is not full there is space for a block on the wire, the end and a reply") {
  Output out;
  out.append(std::string(Output::enough - 1, 'x'));
  const auto wanted = pop3::ByteStuffing::space_for(Output::block_octets);
  REQUIRE(out.space().size() >= wanted);
  std::fill_n(out.space().begin(), wanted, 'y');
  out.filled(wanted);
  out.append(std::string(1024, 'z'));
  CHECK(out.text().size() == Output::enough - 1 + wanted + 1024);
  CHECK(out.text().back() == 'z');
}

TEST_CASE("text that does not fit is refused and leaves the old text as it was") {
  Output out;
  out.append("a");
  const std::string rest(out.space().size(), 'x');
  CHECK_THROWS_AS(out.append(rest + "x"), std::length_error);
  CHECK(out.text() == "a");
  out.append(rest);
  CHECK_THROWS_AS(out.append("x"), std::length_error);
}

TEST_CASE("a block does not overlap the space") {
  Output out;
  out.append("a");
  const auto block = out.block();
  CHECK(block.size() == Output::block_octets);
  std::ranges::fill(block, 'b');
  std::ranges::fill(out.space(), 's');
  CHECK(std::ranges::count(block, 'b') == static_cast<std::ptrdiff_t>(block.size()));
  CHECK(out.text() == "a");
  CHECK(out.block().data() == block.data());
}

TEST_CASE("it is large once much was used, until its memory is given back") {
  Output out;
  out.append(std::string(64 * 1024, 'x'));
  CHECK_FALSE(out.is_large());
  out.append("x");
  CHECK(out.is_large());
  out.clear();
  CHECK(out.is_large());
  out.release();
  CHECK_FALSE(out.is_large());
  out.append("y");
  CHECK(out.text() == "y");
  CHECK(out.space().size() > 0);
}
