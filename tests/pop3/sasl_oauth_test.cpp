// SPDX-License-Identifier: ISC
#include "support/sasl_fixture.hpp"

#include <doctest/doctest.h>
#include <ostream>

namespace {

struct Dialect {
  const char* mechanism;
  std::string start;
  std::string error;
};
const Dialect dialects[] = {
    {"OAUTHBEARER", "n,a=alice,\1auth=Bearer ", R"({"status":"invalid_token"})"},
    {"XOAUTH2", "user=alice\1auth=Bearer ", R"({"status":"401","schemes":"bearer"})"}};

} // namespace

TEST_CASE("a right token logs in") {
  for (const auto& dialect : dialects) {
    support::SaslFixture fixture(dialect.mechanism);
    CHECK(fixture.respond(dialect.start + "wonderland\1\1") == "in");
    REQUIRE(fixture.gatekeeper.tried.size() == 1);
    CHECK(fixture.gatekeeper.tried[0].method == dialect.mechanism);
    CHECK(fixture.gatekeeper.tried[0].name == "alice");
    CHECK(fixture.gatekeeper.tried[0].password == "wonderland");
  }
}

TEST_CASE("a wrong token gets the error, and any answer to the error gets the refusal") {
  for (const auto& dialect : dialects)
    for (const auto& answer :
         {std::string("\1"), std::string(), dialect.start + "wonderland\1\1"}) {
      support::SaslFixture fixture(dialect.mechanism);
      CHECK(fixture.respond(dialect.start + "x\1\1") == dialect.error);
      CHECK(fixture.respond(answer) == "refused");
      CHECK(fixture.gatekeeper.tried.size() == 1);
    }
}

TEST_CASE("a refusal that is final, or not about the token, comes at once") {
  for (const auto& dialect : dialects) {
    support::SaslFixture last(dialect.mechanism);
    last.gatekeeper.attempts = 1;
    CHECK(last.respond(dialect.start + "x\1\1") == "refused");
    using Reason = pop3::Denial::Reason;
    for (const auto reason :
         {Reason::in_use, Reason::too_many, Reason::temporary, Reason::permanent}) {
      support::SaslFixture fixture(dialect.mechanism);
      fixture.gatekeeper.denial = pop3::Denial{reason};
      CHECK(fixture.respond(dialect.start + "wonderland\1\1") == "refused");
    }
  }
}

TEST_CASE("a malformed message with a token is not tried") {
  for (const auto& dialect : dialects) {
    support::SaslFixture fixture(dialect.mechanism);
    CHECK(fixture.respond(dialect.start) == "malformed");
    CHECK(fixture.respond("\1") == "malformed");
    CHECK(fixture.gatekeeper.tried.empty());
  }
}
