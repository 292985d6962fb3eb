// SPDX-License-Identifier: ISC
#include "users/doubled_keys.hpp"

#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <string>

using users::DoubledKeys;
using users::UsersFile;

namespace {

DoubledKeys doubled_in(const std::string& text) {
  const Scratch scratch;
  return users::doubled_names(*UsersFile::open(scratch.write("users", text)));
}

} // namespace

TEST_CASE("names with several lines are found, wherever these are") {
  const auto doubled = doubled_in("alice:*\nbob:*\ncarol:*\nbob:*\nalice:*\nalice:*\n");
  CHECK(doubled.contains("alice"));
  CHECK(doubled.contains("bob"));
  CHECK_FALSE(doubled.contains("carol"));
  CHECK_FALSE(doubled.contains("dave"));
}

TEST_CASE("a file with different names has none, and malformed lines do not count") {
  CHECK(doubled_in("").empty());
  CHECK(doubled_in("alice:*\nAlice:*\nalice@example.org:*\n").empty());
  CHECK(doubled_in("alice:*\nalice\n# alice:*\n").empty());
}
