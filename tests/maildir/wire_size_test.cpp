// SPDX-License-Identifier: ISC
#include "maildir/wire_size.hpp"

#include "base/unique_fd.hpp"
#include "maildir/message_table.hpp"
#include "pop3/byte_stuffing.hpp"
#include "support/append_stuffed.hpp"
#include "support/cuts.hpp"
#include "support/wire_text.hpp"

#include <doctest/doctest.h>
#include <initializer_list>
#include <ostream>
#include <random>
#include <string>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

using namespace std::string_literals;
using maildir::WireSize;

namespace {

std::uint64_t counted(const support::Pieces& pieces) {
  WireSize size;
  for (const auto piece : pieces)
    size.add(piece);
  return size.octets();
}

std::uint64_t sent(const support::Pieces& pieces) {
  pop3::ByteStuffing stuffing;
  std::string out;
  for (const auto piece : pieces)
    support::append_stuffed(stuffing, piece, out);
  support::append_end(stuffing, out);
  return stuffing.octets();
}

/// Checks that the counted and the sent size are `octets`, however the message is cut.
void expect(std::string_view stored, std::uint64_t octets) {
  CAPTURE(stored);
  support::for_each_cut(stored, [&](const support::Pieces& pieces) {
    REQUIRE(counted(pieces) == octets);
    REQUIRE(sent(pieces) == octets);
  });
}

} // namespace

TEST_CASE("every line end is two octets, however it is stored") {
  expect("", 0);
  expect("\n", 2);
  expect("\r\n", 2);
  expect("a\nb\n", 6);
  expect("a\r\nb\r\n", 6);
  expect("a\nb\r\n", 6);
}

TEST_CASE("a missing last line end is counted") {
  expect("a", 3);
  expect("a\nb", 6);
  expect("\r", 3);
  expect("a\r", 4);
  expect("\0"s, 3);
}

TEST_CASE("stuffed dots are not counted") {
  expect(".\n", 3);
  expect("..\n.\n", 7);
}

TEST_CASE("a bare CR is an octet like any other") {
  expect("a\rb\n", 5);
  expect("\r\r\n", 3);
  expect("\n\r", 5);
}

TEST_CASE("an empty block changes nothing") {
  WireSize size;
  size.add("a\r");
  size.add("");
  size.add("\n");
  size.add("");
  CHECK(size.octets() == 3);
}

TEST_CASE("generated messages have the size that is sent, cut anywhere") {
  static const std::string parts[] = {"\n", "\r\n", "\r", ".", "a", "bcd", "\0"s, "\r\r\n"};
  std::mt19937 random(1225);
  for (int i = 0; i < 4000; ++i) {
    std::string stored;
    for (auto left = random() % 16; left > 0; --left)
      stored += parts[random() % std::size(parts)];
    expect(stored, support::wire_octets(stored));
  }
}

TEST_CASE("long messages have the size that is sent, in blocks of any length") {
  std::mt19937 random(1460);
  std::string stored;
  while (stored.size() < 300'000)
    stored += std::string(random() % 200, 'x') + (random() % 2 == 0 ? "\n" : "\r\n");
  const auto wanted = support::wire_octets(stored);
  for (const std::size_t block :
       {std::size_t{1}, std::size_t{63}, std::size_t{64}, std::size_t{65}, std::size_t{131072}}) {
    support::Pieces pieces;
    for (std::size_t at = 0; at < stored.size(); at += block)
      pieces.push_back(std::string_view(stored).substr(at, block));
    CHECK(counted(pieces) == wanted);
    CHECK(sent(pieces) == wanted);
  }
}

namespace {

/// A file with `text` in it at each of the places and holes elsewhere, and what the text of the
/// whole is.
struct SparseFile {
  base::UniqueFd fd{memfd_create("sparse", MFD_CLOEXEC)};
  std::string text;

  SparseFile(std::size_t length, std::string_view part, std::initializer_list<std::size_t> places)
      : text(length, '\0') {
    REQUIRE(ftruncate(fd.get(), static_cast<off_t>(length)) == 0);
    for (const auto place : places) {
      REQUIRE(pwrite(fd.get(), part.data(), part.size(), static_cast<off_t>(place)) ==
              static_cast<ssize_t>(part.size()));
      text.replace(place, part.size(), part);
    }
  }
};

} // namespace

TEST_CASE("a hole counts as the octets that are read from it, wherever it is") {
  constexpr std::size_t length = 3 << 20, page = 4096;
  const std::initializer_list<std::size_t> everywhere[] = {
      {},
      {0},
      {length - 4},
      {0, length - 4},
      {page, 2 * page, 4 * page, (1 << 20) - 2, length / 2 + 7},
  };
  for (const auto& places : everywhere)
    for (const std::string_view part : {"\r\n\n\n", "ab\n\r", "\nabc"}) {
      const SparseFile file(length, part, places);
      CHECK(maildir::wire_octets(file.fd.get(), length) == support::wire_octets(file.text));
      // Octets that were appended do not count, in a hole or behind it.
      lseek(file.fd.get(), 0, SEEK_SET);
      CHECK(maildir::wire_octets(file.fd.get(), length - 2 * page) ==
            support::wire_octets(file.text.substr(0, length - 2 * page)));
    }
}

TEST_CASE("the longest message is counted at once when it is a hole") {
  constexpr auto length = maildir::max_message_octets;
  const base::UniqueFd fd(memfd_create("sparse", MFD_CLOEXEC));
  REQUIRE(ftruncate(fd.get(), static_cast<off_t>(length)) == 0);
  int blocks = 0;
  CHECK(maildir::wire_octets(fd.get(), length, [&] { ++blocks; }) == length + 2);
  CHECK(blocks == 1);
}

TEST_CASE("a sparse file that ends before its length is an error") {
  const SparseFile file(2 << 20, "a", {0});
  CHECK_THROWS_AS(maildir::wire_octets(file.fd.get(), (2 << 20) + 1), std::system_error);
}

TEST_CASE("before each block a function is called, which can end the reading") {
  struct Enough {};
  const SparseFile file(300'000, std::string(300'000, 'x'), {0});
  int blocks = 0;
  CHECK(maildir::wire_octets(file.fd.get(), 300'000, [&] { ++blocks; }) == 300'002);
  CHECK(blocks == 3);
  lseek(file.fd.get(), 0, SEEK_SET);
  const auto end_soon = [&] {
    if (++blocks == 5)
      throw Enough();
  };
  CHECK_THROWS_AS(maildir::wire_octets(file.fd.get(), 300'000, end_soon), Enough);
}
