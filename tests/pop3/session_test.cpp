// SPDX-License-Identifier: ISC
#include "pop3/session.hpp"

#include "support/memory_gatekeeper.hpp"
#include "support/session_profile.hpp"
#include "support/transmit.hpp"

#include <doctest/doctest.h>
#include <ostream>

using pop3::Line;
using pop3::max_bad_commands;
using pop3::Session;

namespace {

/// A session and all that it needs, before login.
struct Fixture {
  pop3::SessionProfile profile = support::profile();
  support::MemoryStore store;
  support::MemoryGatekeeper gatekeeper{store};
  Session session{gatekeeper, profile};

  std::string say(std::string_view line) {
    return support::transmit(session.handle({Line::Kind::text, line}));
  }
  void log_in() {
    say("USER alice");
    REQUIRE(say("PASS wonderland").starts_with("+OK"));
  }
};

} // namespace

TEST_CASE("the greeting is one line of at most 512 octets that tells only the host's name") {
  for (const std::size_t length :
       {pop3::max_hostname - 1, pop3::max_hostname, pop3::max_hostname + 1, std::size_t{5000}}) {
    Fixture fixture;
    fixture.profile.hostname = std::string(length, 'h');
    const auto line = status_line(fixture.session.greeting());
    CAPTURE(length);
    CHECK(line == "+OK POP3 server ready on " +
                      std::string(std::min(length, pop3::max_hostname), 'h') + "\r\n");
    CHECK(line.size() <= 512);
    CHECK(line.find("1.2.3") == line.npos);
    CHECK(line.find('<') == line.npos); // would announce APOP
  }
}

TEST_CASE("a session is logged in from the right password on, and not before") {
  Fixture fixture;
  CHECK_FALSE(fixture.session.is_logged_in());
  fixture.say("USER alice");
  fixture.say("PASS wrong");
  CHECK_FALSE(fixture.session.is_logged_in());
  fixture.log_in();
  CHECK(fixture.session.is_logged_in());
}

TEST_CASE(
    "QUIT after the login, in either case and whatever follows, is an update; before it is not") {
  Fixture fixture;
  const auto is_update = [&](std::string_view line, Line::Kind kind = Line::Kind::text) {
    return fixture.session.is_update({kind, line});
  };
  CHECK_FALSE(is_update("QUIT"));
  fixture.log_in();
  for (const auto* line : {"QUIT", "quit", "QUIT "})
    CHECK(is_update(line));
  for (const auto* line : {"", "QUI", "QUITS", "DELE 1", "NOOP", " QUIT"})
    CHECK_FALSE(is_update(line));
  CHECK_FALSE(is_update("", Line::Kind::overlong));
}

TEST_CASE("a session may begin logged in") {
  const pop3::SessionProfile profile;
  support::MemoryStore store;
  const Session session(std::make_unique<support::MemoryMaildrop>(store), profile);
  CHECK(session.is_logged_in());
}

TEST_CASE("max_bad_commands in a row close the connection, one less does not") {
  Fixture fixture;
  for (unsigned i = 1; i < max_bad_commands; ++i) {
    CHECK_FALSE(fixture.session.handle({Line::Kind::text, "HELO"}).closes);
    CHECK(fixture.session.bad_commands() == i);
  }
  CHECK_FALSE(fixture.session.handle({Line::Kind::text, "CAPA"}).closes);
  CHECK(fixture.session.bad_commands() == 0);
  for (unsigned i = 1; i < max_bad_commands; ++i)
    CHECK_FALSE(fixture.session.handle({Line::Kind::overlong, ""}).closes);
  const auto last = fixture.session.handle({Line::Kind::malformed, ""});
  CHECK(last.closes);
  CHECK(status_line(last) == "-ERR too many bad commands\r\n");
}

TEST_CASE("bad commands after login close the connection without UPDATE") {
  Fixture fixture;
  fixture.store.add("a\n");
  fixture.log_in();
  fixture.say("DELE 1");
  for (unsigned i = 1; i < max_bad_commands; ++i)
    CHECK_FALSE(fixture.session.handle({Line::Kind::text, "GET / HTTP/1.1"}).closes);
  CHECK(fixture.session.handle({Line::Kind::text, "GET / HTTP/1.1"}).closes);
  CHECK(fixture.store.updates == 0);
}

TEST_CASE("a number that no message has is no bad command") {
  Fixture fixture;
  fixture.log_in();
  for (unsigned i = 0; i < 2 * max_bad_commands; ++i)
    CHECK_FALSE(fixture.session.handle({Line::Kind::text, "RETR 7"}).closes);
  CHECK(fixture.session.bad_commands() == 0);
}

TEST_CASE("wrong passwords are no bad commands") {
  Fixture fixture;
  for (unsigned i = 0; i < 2 * max_bad_commands; ++i) {
    fixture.say("USER alice");
    CHECK_FALSE(fixture.session.handle({Line::Kind::text, "PASS wrong"}).closes);
  }
  CHECK(fixture.session.bad_commands() == 0);
}

TEST_CASE("a message that changes while it is sent ends the session in the middle") {
  Fixture fixture;
  fixture.store.add("Subject: a\n\nbody\n");
  fixture.store.cut_at[1] = 5;
  fixture.log_in();
  CHECK_THROWS_AS(fixture.say("RETR 1"), pop3::MessageChanged);
}

TEST_CASE("a session that is dropped without QUIT updates nothing") {
  support::MemoryStore store;
  store.add("a\n");
  {
    const pop3::SessionProfile profile;
    Session session(std::make_unique<support::MemoryMaildrop>(store), profile);
    (void)session.handle({Line::Kind::text, "DELE 1"});
    (void)session.handle({Line::Kind::text, "RETR 1"});
  }
  CHECK(store.updates == 0);
}

TEST_CASE("TOP reads no further than it sends") {
  Fixture fixture;
  fixture.store.add("A: 1\n\n" + std::string(1 << 20, 'x') + "\n");
  fixture.store.cut_at[1] = 100; // reading on would throw
  fixture.log_in();
  CHECK(fixture.say("TOP 1 0") == "+OK message follows\r\nA: 1\r\n\r\n.\r\n");
}

TEST_CASE("logging in, UIDL and QUIT need no size") {
  Fixture fixture;
  fixture.store.add("a\n");
  fixture.store.sizes_fail = pop3::StoreFailure::Kind::temporary;
  fixture.log_in();
  CHECK(fixture.say("UIDL") == "+OK listing follows\r\n1 id1\r\n.\r\n");
  CHECK(fixture.say("QUIT").starts_with("+OK"));
}

TEST_CASE("STAT and LIST count the octets that RETR sends") {
  Fixture fixture;
  const std::string stored = "A: 1\n\n.dot\r\nbare\rcr\nno end";
  fixture.store.add(stored);
  fixture.log_in();
  const auto sent = fixture.say("RETR 1");
  const auto octets = sent.size() - std::string("+OK message follows\r\n").size() -
                      std::string(".\r\n").size() - 1; // one stuffed dot
  CHECK(fixture.say("STAT") == "+OK 1 " + std::to_string(octets) + "\r\n");
  CHECK(fixture.say("LIST 1") == "+OK 1 " + std::to_string(octets) + "\r\n");
}
