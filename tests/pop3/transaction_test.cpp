// SPDX-License-Identifier: ISC
#include "pop3/transaction.hpp"

#include "support/memory_maildrop.hpp"
#include "support/session_profile.hpp"
#include "support/transmit.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <ostream>

namespace {

struct Fixture {
  pop3::SessionProfile profile = support::profile();
  support::MemoryStore store;
  std::optional<pop3::Transaction> state;

  explicit Fixture(unsigned messages) {
    for (unsigned i = 0; i < messages; ++i)
      store.add("a\n");
    state.emplace(std::make_unique<support::MemoryMaildrop>(store), profile);
  }
  std::string say(std::string_view line) { return support::transmit(state->handle(line)); }
};

} // namespace

TEST_CASE("a long listing is made line by line, never whole") {
  Fixture fixture(50'000);
  const auto reply = fixture.state->handle("LIST");
  const auto& listing = std::get<pop3::Listing>(reply.body);
  std::string line;
  unsigned lines = 0;
  for (; listing(line); line.clear()) {
    REQUIRE(line == std::to_string(++lines) + " 3\r\n");
  }
  CHECK(lines == 50'000);
}

TEST_CASE("a listing leaves out what is marked, at both ends and in rows") {
  Fixture fixture(6);
  for (const auto* dele : {"DELE 1", "DELE 3", "DELE 4", "DELE 6"})
    fixture.say(dele);
  CHECK(fixture.say("UIDL") == "+OK listing follows\r\n2 id2\r\n5 id5\r\n.\r\n");
}

TEST_CASE("the store hears of no mark before QUIT, and of all of them then") {
  Fixture fixture(20);
  for (int i = 2; i <= 20; i += 2)
    fixture.say("DELE " + std::to_string(i));
  CHECK(fixture.store.updates == 0);
  CHECK(fixture.say("QUIT") == "+OK 10 messages removed, bye\r\n");
  CHECK(fixture.store.updates == 1);
  CHECK(fixture.store.removed.size() == 10);
  CHECK(std::all_of(fixture.store.removed.begin(), fixture.store.removed.end(),
                    [](auto message) { return message % 2 == 0; }));
}

TEST_CASE("RSET does not make a message unseen") {
  Fixture fixture(1);
  fixture.say("RETR 1");
  fixture.say("RSET");
  fixture.say("QUIT");
  CHECK(fixture.store.retrieved == std::vector<pop3::MessageNumber>{1});
}

TEST_CASE("every status line and listing line stays within 512 octets") {
  Fixture fixture(0);
  fixture.store.add("a\n", std::string(70, '~'));
  fixture.state.emplace(std::make_unique<support::MemoryMaildrop>(fixture.store), fixture.profile);
  CHECK(fixture.say("UIDL 1").size() <= 512);
  CHECK(fixture.say(std::string(8000, 'x')).size() <= 512);
}
