// SPDX-License-Identifier: ISC
#include "pop3/sasl_external.hpp"

#include "pop3/limits.hpp"
#include "support/sasl_scene.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace std::string_literals;

TEST_CASE("EXTERNAL passes on the identity that the client asks for, or none") {
  for (const auto* name : {"", "alice"}) {
    support::SaslScene scene("EXTERNAL");
    CHECK(scene.respond(name) == "in");
    REQUIRE(scene.gatekeeper.tried.size() == 1);
    CHECK(scene.gatekeeper.tried[0].method == "EXTERNAL");
    CHECK(scene.gatekeeper.tried[0].name == name);
    CHECK(scene.gatekeeper.tried[0].password.empty());
  }
  CHECK(support::SaslScene("EXTERNAL").respond("bob") == "refused");
}

TEST_CASE("an identity for EXTERNAL is UTF-8 without NUL, of at most max_user_name octets") {
  for (const auto& name : {"a\0b"s, "\0"s, "\xff"s, "a\xc3"s}) {
    support::SaslScene scene("EXTERNAL");
    CHECK(scene.respond(name) == "malformed");
    CHECK(scene.gatekeeper.tried.empty());
  }
  for (const std::size_t length : {pop3::max_user_name - 1, pop3::max_user_name})
    CHECK(support::SaslScene("EXTERNAL").respond(std::string(length, 'a')) == "refused");
  CHECK(support::SaslScene("EXTERNAL").respond(std::string(pop3::max_user_name + 1, 'a')) ==
        "malformed");
}
