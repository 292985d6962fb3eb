// SPDX-License-Identifier: ISC
#include "pop3/limits.hpp"
#include "support/sasl_fixture.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace std::string_literals;

TEST_CASE("EXTERNAL passes on the identity that the client asks for, or none") {
  for (const auto* name : {"", "alice"}) {
    support::SaslFixture fixture("EXTERNAL");
    CHECK(fixture.respond(name) == "in");
    REQUIRE(fixture.gatekeeper.tried.size() == 1);
    CHECK(fixture.gatekeeper.tried[0].method == "EXTERNAL");
    CHECK(fixture.gatekeeper.tried[0].name == name);
    CHECK(fixture.gatekeeper.tried[0].password.empty());
  }
  CHECK(support::SaslFixture("EXTERNAL").respond("bob") == "refused");
}

TEST_CASE("an identity for EXTERNAL is UTF-8 without NUL, of at most max_user_name octets") {
  for (const auto& name : {"a\0b"s, "\0"s, "\xff"s, "a\xc3"s}) {
    support::SaslFixture fixture("EXTERNAL");
    CHECK(fixture.respond(name) == "malformed");
    CHECK(fixture.gatekeeper.tried.empty());
  }
  for (const std::size_t length : {pop3::max_user_name - 1, pop3::max_user_name})
    CHECK(support::SaslFixture("EXTERNAL").respond(std::string(length, 'a')) == "refused");
  CHECK(support::SaslFixture("EXTERNAL").respond(std::string(pop3::max_user_name + 1, 'a')) ==
        "malformed");
}
