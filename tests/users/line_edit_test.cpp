// SPDX-License-Identifier: ISC
#include "users/line_edit.hpp"

#include <doctest/doctest.h>

using users::with_extra;
using users::with_extra_set;
using users::with_hash;
using users::without_extra;

namespace {

std::string without(std::string_view line, std::string_view unwanted) {
  return without_extra(line, [=](std::string_view word) { return word == unwanted; });
}

} // namespace

TEST_CASE("only the second field becomes another hash") {
  CHECK(with_hash("a:old", "n") == "a:n");
  CHECK(with_hash("a:", "n") == "a:n");
  CHECK(with_hash("a::", "n") == "a:n:");
  CHECK(with_hash("a:old:1:2::/h:/bin/sh: k=v  x:y ", "n") == "a:n:1:2::/h:/bin/sh: k=v  x:y ");
}

TEST_CASE("a word is added with the fields that are missing before it") {
  CHECK(with_extra("a:1", "w") == "a:1::::::w");
  CHECK(with_extra("a:1:::::", "w") == "a:1::::::w");
  CHECK(with_extra("a:1::::::", "w") == "a:1::::::w");
  CHECK(with_extra("a:1::::::k=v", "w") == "a:1::::::k=v w");
  CHECK(with_extra("a:1::::::k=v\t", "w") == "a:1::::::k=v\tw");
  CHECK(with_extra("a:1:2:3:g:/h:/s:k=a:b", "w") == "a:1:2:3:g:/h:/s:k=a:b w");
}

TEST_CASE("words are removed with the blanks before them") {
  CHECK(without("a:1::::::x y z", "y") == "a:1::::::x z");
  CHECK(without("a:1::::::x y z", "x") == "a:1::::::y z");
  CHECK(without("a:1::::::x y z", "z") == "a:1::::::x y");
  CHECK(without("a:1::::::x \ty y  z ", "y") == "a:1::::::x  z ");
  CHECK(without("a:1::::::x", "x") == "a:1::::::");
}

TEST_CASE("a line without such a word stays as it is") {
  for (const auto* line : {"a:x", "a:1:2:3:x:x:x", "a:1::::::", "a:1:::::: \tx=1  y:x\t"})
    CHECK(without(line, "x") == line);
}

TEST_CASE("a key is set in its place") {
  CHECK(with_extra_set("a:1::::::x k=1  y", "k", "2") == "a:1::::::x k=2  y");
  CHECK(with_extra_set("a:1::::::x k y", "k", "2") == "a:1::::::x k=2 y");
  CHECK(with_extra_set("a:1:::::: k=1", "k", "a:b=c") == "a:1:::::: k=a:b=c");
  CHECK(with_extra_set("a:1::::::k=1", "k", "") == "a:1::::::k=");
}

TEST_CASE("a key that is not there is set at the end") {
  CHECK(with_extra_set("a:1", "k", "2") == "a:1::::::k=2");
  CHECK(with_extra_set("a:1::::::kk=1 x=k=1", "k", "2") == "a:1::::::kk=1 x=k=1 k=2");
}

TEST_CASE("no second word of a key is left") {
  CHECK(with_extra_set("a:1::::::k=1 x k=3 k", "k", "2") == "a:1::::::k=2 x");
  CHECK(with_extra_set("a:1::::::k=1 x k=3 k", "k", {}) == "a:1::::::x");
  CHECK(with_extra_set("a:1:k=1", "k", {}) == "a:1:k=1");
}
