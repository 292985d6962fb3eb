// SPDX-License-Identifier: ISC
#include "base/digest.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <set>

TEST_CASE("a digest is BLAKE2b of 128 bits in lower-case hexadecimal") {
  // From an independent implementation: b2sum -l 128.
  CHECK(base::digest("") == "cae66941d9efbd404e4d88758ea67670");
  CHECK(base::digest("abc") == "cf4ab791c62b8d2b2109c90275287816");
}

TEST_CASE("digests of different bytes differ") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i)
    CHECK(seen.insert(base::digest(std::to_string(i))).second);
  CHECK(base::digest(std::string("a\0", 2)) != base::digest("a"));
}
