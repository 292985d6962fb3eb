// SPDX-License-Identifier: ISC
#include "config/value_problem.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace config;

TEST_CASE("a unit is the likely cause for settings of time and memory alone") {
  for (const auto* value : {"10m", "600s", "10 minutes", "1H"})
    CHECK(likely_cause(value, "SECONDS") == "; write seconds, without a unit");
  CHECK(likely_cause("5m", "SECONDS|off") == "; write seconds, without a unit");
  CHECK(likely_cause("64M", "MIB") == "; write mebibytes, without a unit");
  CHECK(likely_cause("10m", "NUMBER") == "");
  for (const auto* value : {"", "600", "m", "m10", "-1", "1.5h", "10m5s", "10 "})
    CHECK(likely_cause(value, "SECONDS") == "");
}

TEST_CASE("a character that is not ASCII is a likely cause, as it may not be seen") {
  CHECK(likely_cause("600\xc2\xa0", "SECONDS") == "; it has a character that is not ASCII");
  CHECK(likely_cause("\xe2\x80\x9cyes\xe2\x80\x9d", "no|yes") ==
        "; it has a character that is not ASCII");
}

TEST_CASE("only a # behind a blank begins a comment") {
  for (const auto* value : {"600 # ten", "/a #b", "no\t# yes", "x #"})
    CHECK(problem_with_text(value).value_or("").starts_with("'" + std::string(value) +
                                                            "' has a comment behind it"));
  for (const auto* value : {"/mail/#a", "a#b", "#", ""})
    CHECK_FALSE(problem_with_text(value));
}

TEST_CASE("quotes are those that are around the whole value") {
  CHECK(problem_with_text("\"/a b\"") == "quotes are not used here: write /a b");
  CHECK(problem_with_text("'x'") == "quotes are not used here: write x");
  for (const auto* value : {"\"", "'", "/bin/sh -c 'x'", "\"x'", "o'x'"})
    CHECK_FALSE(problem_with_text(value));
}
