// SPDX-License-Identifier: ISC
#include "users/name_filter.hpp"

#include <doctest/doctest.h>
#include <string>

using users::NameFilter;

TEST_CASE("a name that was there before is never missed") {
  NameFilter names;
  for (int i = 0; i < 10'000; ++i)
    names.insert("user" + std::to_string(i));
  for (int i = 0; i < 10'000; ++i)
    CHECK(names.insert("user" + std::to_string(i)));
}

TEST_CASE("a name that was not there before is seldom taken for one that was") {
  NameFilter names;
  int wrong = 0;
  for (int i = 0; i < 100'000; ++i)
    wrong += names.insert("user" + std::to_string(i) + "@example.org") ? 1 : 0;
  CHECK(wrong < 100);
}
