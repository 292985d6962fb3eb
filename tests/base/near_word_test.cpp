// SPDX-License-Identifier: ISC
#include "base/near_word.hpp"

#include <array>
#include <doctest/doctest.h>
#include <ostream>

namespace {

constexpr std::array<std::string_view, 5> known{"user", "who", "idle-limit", "login-limit", "tls"};

std::string meant(std::string_view word) {
  return std::string(base::near_word(word, known).value_or("-"));
}

} // namespace

TEST_CASE("one slip is found in a short word: a letter more, less or changed, or two swapped") {
  for (const auto* word : {"usser", "usr", "uxer", "uesr", "user"})
    CHECK(meant(word) == "user");
  for (const auto* word : {"usre2", "us", "uxxr"})
    CHECK(meant(word) == "-");
}

TEST_CASE("two slips are found in a word of more than five letters") {
  for (const auto* word : {"idle-limt", "idel-limt", "idlelimits", "idle_limit"})
    CHECK(meant(word) == "idle-limit");
  CHECK(meant("idel-limtsx") == "-");
  constexpr std::array<std::string_view, 2> five_and_six{"abcde", "uvwxyz"};
  CHECK_FALSE(base::near_word("abxye", five_and_six)); // five letters
  CHECK(base::near_word("uvwxab", five_and_six) == "uvwxyz");
}

TEST_CASE("case is no slip") {
  CHECK(meant("WHO") == "who");
  CHECK(meant("IDLE-LIMTI") == "idle-limit");
}

TEST_CASE("the nearest word is found, and the first of several") {
  constexpr std::array<std::string_view, 3> alike{"limits", "limit", "limix"};
  CHECK(base::near_word("limit", alike) == "limit");
  CHECK(base::near_word("limiy", alike) == "limit");
  CHECK(base::near_word("limitx", alike) == "limits");
}

TEST_CASE("no word is near to an empty or overlong one, nor among none") {
  CHECK(meant("") == "-");
  CHECK(meant(std::string(65, 'u')) == "-");
  CHECK_FALSE(base::near_word("user", {}));
}

TEST_CASE("a message ends with the word that was meant") {
  CHECK(base::did_you_mean("usr", known) == "; did you mean user?");
  CHECK(base::did_you_mean("mail", known).empty());
}
