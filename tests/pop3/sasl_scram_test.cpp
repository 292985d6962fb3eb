// SPDX-License-Identifier: ISC
#include "support/sasl_fixture.hpp"

#include <doctest/doctest.h>
#include <memory>
#include <ostream>

namespace {

const std::string nonce = "abc%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
const std::string offer = "r=" + nonce + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
const std::string last = "c=biws,r=" + nonce + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
const std::string signature = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

/// Refuses the first step if `step` is 0, and always the last step.
struct Refusing : support::MemoryGatekeeper {
  using MemoryGatekeeper::MemoryGatekeeper;
  unsigned step = 0;

  base::Result<pop3::ScramOffer, pop3::Denial> scram_start(const pop3::ScramStart& start) override {
    if (step == 0)
      return base::Refused{pop3::Denial{pop3::Denial::Reason::temporary}};
    return MemoryGatekeeper::scram_start(start);
  }
  base::Result<std::unique_ptr<pop3::Maildrop>, pop3::Denial> scram_finish() override {
    return base::Refused{pop3::Denial{pop3::Denial::Reason::permanent}};
  }
};

} // namespace

TEST_CASE("SCRAM logs in once the client has taken the server's signature") {
  support::SaslFixture fixture("SCRAM-SHA-256");
  CHECK(fixture.respond("n,,n=alice,r=abc") == offer);
  CHECK(fixture.respond(last) == signature);
  CHECK(fixture.gatekeeper.tried.size() == 2);
  CHECK(fixture.respond("") == "in");
  CHECK(fixture.gatekeeper.tried.size() == 3);
}

TEST_CASE("an exchange of SCRAM is malformed where one of its messages is") {
  for (unsigned good = 0; good < 3; ++good) {
    support::SaslFixture fixture("SCRAM-SHA-256");
    const std::string messages[] = {"n,,n=alice,r=abc", last};
    for (unsigned i = 0; i < good; ++i)
      fixture.respond(messages[i]);
    CHECK(fixture.respond("x") == "malformed");
    CHECK(fixture.gatekeeper.tried.size() == good);
  }
}

TEST_CASE("SCRAM does not let a user act for another user, and tells so after the proof") {
  support::SaslFixture fixture("SCRAM-SHA-256");
  CHECK(fixture.respond("n,a=bob,n=alice,r=abc") == offer);
  CHECK(fixture.respond("c=bixhPWJvYiw=" + last.substr(6)) == "refused");
}

TEST_CASE("a refusal at any step of SCRAM is told with the name") {
  for (const unsigned step : {0u, 1u}) {
    support::MemoryStore store;
    Refusing gatekeeper(store);
    gatekeeper.step = step;
    const auto exchange = pop3::start_exchange(pop3::Mechanism::scram, gatekeeper);
    auto answer = exchange->respond("n,,n=alice,r=abc");
    if (step == 1) {
      exchange->respond(last);
      answer = exchange->respond("");
    }
    const auto* attempt = std::get_if<pop3::Attempt>(&answer);
    REQUIRE(attempt != nullptr);
    CHECK(attempt->name == "alice");
    REQUIRE_FALSE(attempt->login);
    CHECK(attempt->login.error().reason ==
          (step == 0 ? pop3::Denial::Reason::temporary : pop3::Denial::Reason::permanent));
  }
}
