// SPDX-License-Identifier: ISC
#include "users/compiled_header.hpp"

#include "users/decoy_costs.hpp"

#include <doctest/doctest.h>

using users::CompiledHeader;
using users::header_of;
using users::parse_header;

namespace {

struct stat text_of(off_t size, time_t seconds, long nanoseconds) {
  struct stat text {};
  text.st_size = size;
  text.st_mtim = {seconds, nanoseconds};
  return text;
}

const std::string good = "sodapop-users 1\nsize 7\nchanged 1000000002\nscram-iterations 4096\n"
                         "decoy {X}1\ndecoy {Y}2\n";

} // namespace

TEST_CASE("a header belongs to a file of one size and one time") {
  const auto header = header_of(text_of(10, 1'700'000'000, 5));
  CHECK(header.is_of(text_of(10, 1'700'000'000, 5)));
  CHECK_FALSE(header.is_of(text_of(11, 1'700'000'000, 5)));
  CHECK_FALSE(header.is_of(text_of(10, 1'700'000'001, 5)));
  CHECK_FALSE(header.is_of(text_of(10, 1'700'000'000, 4)));
}

TEST_CASE("a header reads back as it was written") {
  auto header = header_of(text_of(7, 1, 2));
  header.scram_iterations = 4096;
  header.decoys = {"{X}1", "{Y}2"};
  CHECK(to_text(header) == good);
  const auto read = parse_header(good);
  REQUIRE(read.has_value());
  CHECK(to_text(*read) == good);
  CHECK(read->is_of(text_of(7, 1, 2)));
}

TEST_CASE("a file from before 1970 has a header as well") {
  const auto text = text_of(0, -1, 999'999'999);
  const auto read = parse_header(to_text(header_of(text)));
  REQUIRE(read.has_value());
  CHECK(read->is_of(text));
}

TEST_CASE("of another version only the version is read") {
  const auto read = parse_header("sodapop-users 2\nwho knows");
  REQUIRE(read.has_value());
  CHECK(read->version == 2);
}

TEST_CASE("a malformed header is refused, and so is one that is cut off") {
  for (std::size_t length = 0; length < good.size(); ++length)
    if (const auto read = parse_header(good.substr(0, length))) {
      CAPTURE(length);
      CHECK(good.substr(length).starts_with("decoy "));
      CHECK(read->decoys.size() < 2);
    }
  for (const std::string bad :
       {"sodapop-users 1 \nsize 7\nchanged 1\nscram-iterations 1\n",
        "sodapop-users 1\nsize -7\nchanged 1\nscram-iterations 1\n",
        "sodapop-users 1\nsize 7\nchanged\nscram-iterations 1\n",
        "sodapop-users 1\nsize 18446744073709551616\nchanged 1\nscram-iterations 1\n",
        "sodapop-users 1\nsize 7\nchanged 1\nscram-iterations 4294967296\n",
        "sodapop-users 1\nsize 7\nchanged 1\nscram-iterations 1\nother\n",
        "sodapop-users 1\nchanged 1\nsize 7\nscram-iterations 1\n", "users 1\n"})
    CHECK_FALSE(parse_header(bad).has_value());
}

TEST_CASE("a header holds as many decoys as are kept, and no more") {
  CompiledHeader header;
  header.decoys.assign(users::DecoyCosts::max_decoys, std::string(512, 'x'));
  CHECK(parse_header(to_text(header)).has_value());
  CHECK(to_text(header).size() <= users::max_header);
  header.decoys.emplace_back("x");
  CHECK_FALSE(parse_header(to_text(header)).has_value());
}

TEST_CASE("a header is no longer than the limit") {
  const auto bare = to_text(CompiledHeader());
  CompiledHeader header;
  const auto fill = users::max_header - bare.size() - std::string_view("decoy \n").size();
  header.decoys = {std::string(fill, 'x')};
  CHECK(to_text(header).size() == users::max_header);
  CHECK(parse_header(to_text(header)).has_value());
  header.decoys = {std::string(fill + 1, 'x')};
  CHECK_FALSE(parse_header(to_text(header)).has_value());
}
