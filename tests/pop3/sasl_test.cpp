// SPDX-License-Identifier: ISC
#include "pop3/sasl.hpp"

#include "support/session_profile.hpp"

#include <doctest/doctest.h>
#include <ostream>

using pop3::find_mechanism;
using pop3::mechanism_names;

namespace {

constexpr const char* every_name[] = {"SCRAM-SHA-256", "EXTERNAL", "PLAIN", "OAUTHBEARER",
                                      "XOAUTH2"};

pop3::SessionProfile site(bool is_protected, bool scram, bool oauth, bool external) {
  return support::profile(is_protected, {scram, scram, oauth, external});
}

} // namespace

TEST_CASE("mechanisms are found without regard to case, and whole") {
  const auto all = site(true, true, true, true);
  for (const auto* name : {"PLAIN", "plain", "PlAiN"})
    CHECK((find_mechanism(name, all) == pop3::Mechanism::plain));
  for (const auto* name : {"", "PLAI", "PLAINX", "LOGIN", "CRAM-MD5", "PLAIN ", "SCRAM-SHA-1",
                           "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512", "OAUTH10A"})
    CHECK_FALSE(find_mechanism(name, all));
  for (const auto* name : every_name) {
    REQUIRE(find_mechanism(name, all));
    CHECK(traits_of(*find_mechanism(name, all)).name == name);
  }
}

TEST_CASE("mechanisms that send the password are named on protected connections only") {
  CHECK(mechanism_names(site(true, true, true, true)) ==
        "SCRAM-SHA-256 EXTERNAL PLAIN OAUTHBEARER XOAUTH2");
  CHECK(mechanism_names(site(false, true, true, true)) == "SCRAM-SHA-256 EXTERNAL");
  CHECK(mechanism_names(site(true, false, false, false)) == "PLAIN");
  CHECK(mechanism_names(site(false, false, false, false)) == "");
}

TEST_CASE("each switch offers its mechanisms and no other") {
  CHECK(mechanism_names(site(true, true, false, false)) == "SCRAM-SHA-256 PLAIN");
  CHECK(mechanism_names(site(true, false, true, false)) == "PLAIN OAUTHBEARER XOAUTH2");
  CHECK(mechanism_names(site(true, false, false, true)) == "EXTERNAL PLAIN");
}

TEST_CASE("a mechanism that is not switched on is not known") {
  for (const bool is_protected : {false, true}) {
    const auto none = site(is_protected, false, false, false);
    for (const auto* name : every_name)
      CHECK(find_mechanism(name, none).has_value() == (std::string(name) == "PLAIN"));
  }
}
