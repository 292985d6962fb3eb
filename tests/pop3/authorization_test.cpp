// SPDX-License-Identifier: ISC
#include "pop3/authorization.hpp"

#include "base/base64.hpp"
#include "pop3/limits.hpp"
#include "pop3/refusal.hpp"
#include "support/memory_gatekeeper.hpp"
#include "support/session_profile.hpp"
#include "support/transmit.hpp"

#include <doctest/doctest.h>
#include <ostream>

using pop3::Authorization;
using pop3::Denial;

namespace {

struct Fixture {
  pop3::SessionProfile profile = support::profile();
  support::MemoryStore store;
  support::MemoryGatekeeper gatekeeper{store};
  Authorization state{gatekeeper, profile};

  std::string say(std::string_view line) { return support::transmit(state.handle(line)); }
};

} // namespace

TEST_CASE("every denial has its response code, and closes when it is final") {
  const std::pair<Denial::Reason, const char*> codes[] = {
      {Denial::Reason::credentials, "-ERR [AUTH] "},
      {Denial::Reason::in_use, "-ERR [IN-USE] "},
      {Denial::Reason::too_many, "-ERR [SYS/TEMP] too many sessions of this user"},
      {Denial::Reason::penalty, "-ERR [SYS/TEMP] "},
      {Denial::Reason::temporary, "-ERR [SYS/TEMP] "},
      {Denial::Reason::permanent, "-ERR [SYS/PERM] "},
      {Denial::Reason::used_up,
       "-ERR [SYS/TEMP] the login attempts of this connection are used up"}};
  for (const auto& [reason, code] : codes)
    for (const bool is_final : {false, true}) {
      const auto reply = pop3::refusal({reason, is_final, 0, ""});
      CHECK(status_line(reply).starts_with(code));
      CHECK(reply.closes == is_final);
      CHECK_FALSE(reply.is_bad_command);
    }
}

TEST_CASE("a hint takes the place of the usual text where the credentials are refused") {
  for (const bool is_final : {false, true}) {
    const auto reply = pop3::refusal({Denial::Reason::credentials, is_final, 0, "", "ask X"});
    CHECK(status_line(reply) == "-ERR [AUTH] ask X\r\n");
    CHECK(reply.closes == is_final);
  }
  for (const auto reason : {Denial::Reason::in_use, Denial::Reason::too_many,
                            Denial::Reason::temporary, Denial::Reason::permanent})
    CHECK(status_line(pop3::refusal({reason, false, 0, "", "ask X"})) ==
          status_line(pop3::refusal({reason, false, 0, ""})));
}

TEST_CASE("a login that is refused without a look says when to try again") {
  const auto hint = pop3::too_many_failures(17);
  CHECK(status_line(pop3::refusal({Denial::Reason::penalty, false, 0, "", hint})) ==
        "-ERR [SYS/TEMP] too many failed logins; try again in 17 seconds\r\n");
  CHECK(pop3::too_many_failures(UINT32_MAX).size() <= pop3::max_hint);
}

TEST_CASE("the longest hint is shown whole") {
  const std::string hint(pop3::max_hint, 'h');
  const auto reply = pop3::refusal({Denial::Reason::credentials, false, 0, "", hint});
  CHECK(status_line(reply) == "-ERR [AUTH] " + hint + "\r\n");
}

TEST_CASE("where a domain is required, every name without one is told so, and no other") {
  Fixture fixture;
  const std::string usual = "-ERR [AUTH] name or password not accepted";
  const auto refusal_of = [&fixture](const std::string& name) {
    fixture.say("USER " + name);
    return fixture.say("PASS x");
  };
  CHECK(refusal_of("alice") == usual + "\r\n");
  fixture.profile.requires_domain = true;
  CHECK(refusal_of("alice") == usual + "; the name needs its domain, as in name@example.org\r\n");
  CHECK(refusal_of("mallory") == refusal_of("alice"));
  CHECK(refusal_of("alice@example.org") == usual + "\r\n");
  fixture.gatekeeper.denial = Denial{Denial::Reason::credentials, false, 0, "", "ask X"};
  fixture.say("USER alice");
  CHECK(fixture.say("PASS wonderland") == "-ERR [AUTH] ask X\r\n");
}

TEST_CASE("unknown names and wrong passwords get the same answers") {
  Fixture known, unknown;
  CHECK(known.say("USER alice") == unknown.say("USER mallory"));
  CHECK(known.say("PASS x") == unknown.say("PASS x"));
  CHECK(known.say("AUTH PLAIN AGFsaWNlAHg=") == unknown.say("AUTH PLAIN AG1hbAB4"));
}

TEST_CASE("the maildrop is there after a login, and is taken once") {
  Fixture fixture;
  CHECK(fixture.state.take_maildrop() == nullptr);
  fixture.say("USER alice");
  CHECK(fixture.state.take_maildrop() == nullptr);
  fixture.say("PASS wonderland");
  CHECK(fixture.state.take_maildrop() != nullptr);
  CHECK(fixture.state.take_maildrop() == nullptr);
}

TEST_CASE("names and passwords come to the gatekeeper in full length") {
  Fixture fixture;
  const std::string name(pop3::max_user_name + 1, 'n'), password(pop3::max_password + 1, 'p');
  fixture.say("USER " + name);
  fixture.say("PASS " + password);
  REQUIRE(fixture.gatekeeper.tried.size() == 1);
  CHECK(fixture.gatekeeper.tried[0].name == name);
  CHECK(fixture.gatekeeper.tried[0].password == password);
}

TEST_CASE("no answer repeats a password") {
  Fixture fixture;
  for (const auto* line :
       {"PASS hunter2", "USER alice", "PASS hunter2", "hunter2", "AUTH PLAIN hunter2",
        "AUTH hunter2", "AUTH OAUTHBEARER hunter2", "AUTH XOAUTH2 hunter2"})
    CHECK(fixture.say(line).find("hunter2") == std::string::npos);
}

TEST_CASE("blanks behind a name are no part of it") {
  for (const auto* name : {"alice", "alice ", "alice\t ", " alice"}) {
    Fixture fixture;
    CHECK(fixture.say("USER " + std::string(name)).starts_with("+OK"));
    (void)fixture.say("PASS wonderland ");
    REQUIRE(fixture.gatekeeper.tried.size() == 1);
    CHECK(fixture.gatekeeper.tried[0].name == (*name == ' ' ? " alice" : "alice"));
    CHECK(fixture.gatekeeper.tried[0].password == "wonderland "); // of a password they are
  }
  Fixture fixture;
  (void)fixture.say("AUTH PLAIN " +
                    base::encode_base64(std::string("alice\0alice \t\0wonderland", 24)));
  REQUIRE(fixture.gatekeeper.tried.size() == 1);
  CHECK(fixture.gatekeeper.tried[0].name == "alice");
  CHECK(fixture.gatekeeper.tried[0].password == "wonderland");
  CHECK(fixture.say("USER   ") == "-ERR USER: argument missing\r\n");
}

TEST_CASE("a login that would send a secret on an unprotected connection is noted with its name") {
  Fixture fixture;
  fixture.profile.is_protected = false;
  fixture.profile.site.tokens = true;
  const auto refusal = "-ERR passwords are not accepted on an unprotected connection\r\n";
  const auto bearer = base::encode_base64("n,a=carol,\x01"
                                          "auth=Bearer t\x01\x01");
  for (const auto& line : {std::string("USER alice "), std::string("AUTH PLAIN"),
                           "AUTH PLAIN " + base::encode_base64(std::string("\0bob\0secret", 11)),
                           std::string("AUTH PLAIN nonsense"), "AUTH OAUTHBEARER " + bearer})
    CHECK(fixture.say(line) == refusal);
  CHECK(fixture.gatekeeper.unprotected ==
        std::vector<std::string>{"alice", "", "bob", "", "carol"});
  CHECK(fixture.gatekeeper.tried.empty());
  fixture.profile.is_protected = true;
  CHECK(fixture.say("USER alice").starts_with("+OK"));
  CHECK(fixture.gatekeeper.unprotected.size() == 5);
}
