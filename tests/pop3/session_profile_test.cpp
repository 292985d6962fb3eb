// SPDX-License-Identifier: ISC
#include "pop3/session_profile.hpp"

#include "support/session_profile.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <set>

using namespace pop3;

TEST_CASE("each mechanism has one row, and a number without a mechanism has none") {
  std::set<std::string_view> names;
  for (const auto& row : mechanism_table) {
    CHECK(find_traits(row.mechanism) == &row);
    names.insert(row.name);
  }
  CHECK(names.size() == std::size(mechanism_table));
  CHECK(find_traits(Mechanism(std::size(mechanism_table))) == nullptr);
  CHECK(find_traits(Mechanism(255)) == nullptr);
}

TEST_CASE("a mechanism that sends a secret is possible on protected connections only") {
  for (const auto& row : mechanism_table) {
    CHECK(is_possible(row.mechanism, support::full_profile(true)));
    CHECK(is_possible(row.mechanism, support::full_profile(false)) == !row.sends_secret);
    CHECK(is_known(row.mechanism, support::full_profile(false)));
  }
}

TEST_CASE("a mechanism is known where the site and the client have what it needs") {
  auto profile = support::profile();
  CHECK(is_known(Mechanism::plain, profile));
  for (const auto mechanism :
       {Mechanism::scram, Mechanism::external, Mechanism::oauthbearer, Mechanism::xoauth2})
    CHECK_FALSE(is_known(mechanism, profile));
  profile.site = {.scram_on_protected = true, .certificates = true};
  CHECK(is_known(Mechanism::scram, profile));
  CHECK_FALSE(is_known(Mechanism::external, profile)); // the client has shown none
  profile.has_certificate = true;
  CHECK(is_known(Mechanism::external, profile));
  profile.is_protected = false;
  CHECK_FALSE(is_known(Mechanism::scram, profile));
  profile.site.scram_on_unprotected = true;
  CHECK(is_known(Mechanism::scram, profile));
}
