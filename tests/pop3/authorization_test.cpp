// SPDX-License-Identifier: ISC
#include "pop3/authorization.hpp"

#include "pop3/limits.hpp"
#include "support/memory_gatekeeper.hpp"
#include "support/transmit.hpp"

#include <doctest/doctest.h>
#include <ostream>

using pop3::Authorization;
using pop3::Denial;

namespace {

struct Scene {
  pop3::Site site{"pop.example.org", "1.2.3", true};
  support::MemoryStore store;
  support::MemoryGatekeeper gatekeeper{store};
  Authorization state{gatekeeper, site};

  std::string say(std::string_view line) { return support::transmit(state.handle(line)); }
};

} // namespace

TEST_CASE("every denial has its response code, and closes when it is final") {
  const std::pair<Denial::Reason, const char*> codes[] = {
      {Denial::Reason::credentials, "-ERR [AUTH] "},
      {Denial::Reason::in_use, "-ERR [IN-USE] "},
      {Denial::Reason::too_many, "-ERR [SYS/TEMP] too many sessions of this user"},
      {Denial::Reason::temporary, "-ERR [SYS/TEMP] "},
      {Denial::Reason::permanent, "-ERR [SYS/PERM] "}};
  for (const auto& [reason, code] : codes)
    for (const bool is_final : {false, true}) {
      const auto reply = pop3::refusal({reason, is_final, 0, ""});
      CHECK(status_line(reply).starts_with(code));
      CHECK(reply.closes == is_final);
      CHECK_FALSE(reply.is_bad_command);
    }
}

TEST_CASE("unknown names and wrong passwords get the same answers") {
  Scene known, unknown;
  CHECK(known.say("USER alice") == unknown.say("USER mallory"));
  CHECK(known.say("PASS x") == unknown.say("PASS x"));
  CHECK(known.say("AUTH PLAIN AGFsaWNlAHg=") == unknown.say("AUTH PLAIN AG1hbAB4"));
}

TEST_CASE("the maildrop is there once somebody is logged in, and is taken once") {
  Scene scene;
  CHECK(scene.state.take_maildrop() == nullptr);
  scene.say("USER alice");
  CHECK(scene.state.take_maildrop() == nullptr);
  scene.say("PASS wonderland");
  CHECK(scene.state.take_maildrop() != nullptr);
  CHECK(scene.state.take_maildrop() == nullptr);
}

TEST_CASE("names and passwords come to the gatekeeper in full length") {
  Scene scene;
  const std::string name(pop3::max_user_name + 1, 'n'), password(pop3::max_password + 1, 'p');
  scene.say("USER " + name);
  scene.say("PASS " + password);
  REQUIRE(scene.gatekeeper.tried.size() == 1);
  CHECK(scene.gatekeeper.tried[0].name == name);
  CHECK(scene.gatekeeper.tried[0].password == password);
}

TEST_CASE("no answer repeats a password") {
  Scene scene;
  for (const auto* line : {"PASS hunter2", "USER alice", "PASS hunter2", "hunter2",
                           "AUTH PLAIN hunter2", "AUTH hunter2"})
    CHECK(scene.say(line).find("hunter2") == std::string::npos);
}
