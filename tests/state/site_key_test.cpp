// SPDX-License-Identifier: ISC
#include "state/site_key.hpp"

#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

TEST_CASE("the site's key is the file site-key and stays") {
  const Scratch scratch;
  const auto key = state::open_site_key(scratch.path("."));
  const auto again = state::open_site_key(scratch.path("."));
  REQUIRE(key.has_value());
  REQUIRE(again.has_value());
  CHECK(key->reveal() == again->reveal());
  struct stat facts;
  CHECK(::stat(scratch.path("site-key").c_str(), &facts) == 0);
}

TEST_CASE("a key that is not private is refused") {
  const Scratch scratch;
  ::chmod(scratch.write("site-key", std::string(32, 'k')).c_str(), 0644);
  const auto key = state::open_site_key(scratch.path("."));
  REQUIRE_FALSE(key.has_value());
  CHECK(key.error() == state::KeyFileProblem::not_private);
}
