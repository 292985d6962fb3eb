// SPDX-License-Identifier: ISC
#include "pop3/sasl_oauth.hpp"

#include "support/sasl_scene.hpp"

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
    support::SaslScene scene(dialect.mechanism);
    CHECK(scene.respond(dialect.start + "wonderland\1\1") == "in");
    REQUIRE(scene.gatekeeper.tried.size() == 1);
    CHECK(scene.gatekeeper.tried[0].method == dialect.mechanism);
    CHECK(scene.gatekeeper.tried[0].name == "alice");
    CHECK(scene.gatekeeper.tried[0].password == "wonderland");
  }
}

TEST_CASE("a wrong token gets the error, and whatever answers that the refusal") {
  for (const auto& dialect : dialects)
    for (const auto& answer :
         {std::string("\1"), std::string(), dialect.start + "wonderland\1\1"}) {
      support::SaslScene scene(dialect.mechanism);
      CHECK(scene.respond(dialect.start + "x\1\1") == dialect.error);
      CHECK(scene.respond(answer) == "refused");
      CHECK(scene.gatekeeper.tried.size() == 1);
    }
}

TEST_CASE("a refusal that is final, or not about the token, comes at once") {
  for (const auto& dialect : dialects) {
    support::SaslScene last(dialect.mechanism);
    last.gatekeeper.attempts = 1;
    CHECK(last.respond(dialect.start + "x\1\1") == "refused");
    using Reason = pop3::Denial::Reason;
    for (const auto reason :
         {Reason::in_use, Reason::too_many, Reason::temporary, Reason::permanent}) {
      support::SaslScene scene(dialect.mechanism);
      scene.gatekeeper.denial = pop3::Denial{reason};
      CHECK(scene.respond(dialect.start + "wonderland\1\1") == "refused");
    }
  }
}

TEST_CASE("a malformed message with a token is not tried") {
  for (const auto& dialect : dialects) {
    support::SaslScene scene(dialect.mechanism);
    CHECK(scene.respond(dialect.start) == "malformed");
    CHECK(scene.respond("\1") == "malformed");
    CHECK(scene.gatekeeper.tried.empty());
  }
}
