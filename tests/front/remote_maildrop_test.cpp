// SPDX-License-Identifier: ISC
#include "front/remote_gatekeeper.hpp"
#include "front/remote_maildrop.hpp"

#include "support/remote_fixture.hpp"

#include <array>
#include <doctest/doctest.h>
#include <limits>
#include <optional>
#include <ostream>
#include <utility>

using namespace front;
using support::MemoryKeeper;
using support::RemoteFixture;

namespace {

pop3::Credentials credentials(std::string name, std::string_view password) {
  return {pop3::Mechanism::user_pass, std::move(name), base::Secret(password)};
}

/// Checks that each kind of request throws ProtocolViolation when the answer is `answer`.
template <class Answer> void expect_violation(const Answer& answer, int fd = -1) {
  const auto reply = [&answer, fd](MemoryKeeper& keeper) { keeper.send(answer, fd); };
  {
    RemoteFixture fixture(reply);
    RemoteMaildrop maildrop(Requester(fixture.channel), 10);
    CHECK_THROWS_AS((void)maildrop.octets(1), ipc::ProtocolViolation);
  }
  {
    RemoteFixture fixture(reply);
    RemoteMaildrop maildrop(Requester(fixture.channel), 10);
    CHECK_THROWS_AS((void)maildrop.unique_id(1), ipc::ProtocolViolation);
  }
  {
    RemoteFixture fixture(reply);
    RemoteMaildrop maildrop(Requester(fixture.channel), 10);
    CHECK_THROWS_AS((void)maildrop.open(1), ipc::ProtocolViolation);
  }
  {
    RemoteFixture fixture(reply);
    RemoteMaildrop maildrop(Requester(fixture.channel), 10);
    CHECK_THROWS_AS((void)maildrop.update(pop3::Marks(10), pop3::Marks(10)),
                    ipc::ProtocolViolation);
  }
  {
    RemoteFixture fixture(reply);
    RemoteGatekeeper gatekeeper(Requester(fixture.channel));
    CHECK_THROWS_AS((void)gatekeeper.login(credentials("a", "b")), ipc::ProtocolViolation);
  }
}

} // namespace

TEST_CASE("a right password gives the maildrop of the other side") {
  RemoteFixture fixture(3);
  RemoteGatekeeper gatekeeper(Requester(fixture.channel));
  const std::string password("won der\0land", 12);
  const auto maildrop = gatekeeper.login(credentials("alice", password));
  REQUIRE(maildrop.has_value());
  CHECK((*maildrop)->count() == 3);
  CHECK((*maildrop)->octets(3) == 3);
  const auto& requests = fixture.end();
  const auto& login = std::get<ipc::LoginRequest>(requests.at(0));
  CHECK(std::string(login.name.data(), login.name_length) == "alice");
  CHECK(std::string(login.password.data(), login.password_length) == password);
}

TEST_CASE("names and passwords up to their limits are sent, longer ones as empty") {
  for (const std::size_t more : {std::size_t{0}, std::size_t{1}, std::size_t{2}})
    for (const bool is_name : {true, false}) {
      RemoteFixture fixture(0);
      RemoteGatekeeper gatekeeper(Requester(fixture.channel));
      const std::string name(is_name ? pop3::max_user_name - 1 + more : 1, 'n');
      const std::string password(is_name ? 1 : pop3::max_password - 1 + more, 'p');
      (void)gatekeeper.login(credentials(name, password));
      const auto& requests = fixture.end();
      REQUIRE(requests.size() == 1); // sent like any other attempt
      const auto& login = std::get<ipc::LoginRequest>(requests[0]);
      CHECK(login.name_length == (more <= 1 ? name.size() : 0));
      CHECK(login.password_length == (more <= 1 ? password.size() : 0));
    }
}

TEST_CASE("a denial arrives with all that is known") {
  ipc::LoginAnswer answer;
  answer.reason = pop3::Denial::Reason::in_use;
  answer.is_final = 1;
  answer.held_since = 1763856011;
  std::string("192.0.2.7").copy(answer.held_from.data(), 9);
  RemoteFixture fixture([&](MemoryKeeper& keeper) { keeper.send(answer); });
  RemoteGatekeeper gatekeeper(Requester(fixture.channel));
  const auto maildrop = gatekeeper.login(credentials("a", "b"));
  REQUIRE_FALSE(maildrop.has_value());
  CHECK(maildrop.error().reason == pop3::Denial::Reason::in_use);
  CHECK(maildrop.error().is_final);
  CHECK(maildrop.error().held_since == 1763856011);
  CHECK(maildrop.error().held_from == "192.0.2.7");
}

TEST_CASE("sizes and unique-ids are asked for page by page, and once") {
  for (const std::uint32_t messages :
       {ipc::page_messages - 1, ipc::page_messages, ipc::page_messages + 1}) {
    RemoteFixture fixture(messages);
    RemoteMaildrop maildrop(Requester(fixture.channel), messages);
    for (int round = 0; round < 2; ++round)
      for (pop3::MessageNumber message = 1; message <= messages; ++message)
        REQUIRE(maildrop.octets(message) == 3);
    for (pop3::MessageNumber message = 1; message <= messages; ++message)
      REQUIRE(maildrop.unique_id(message) == "id" + std::to_string(message));
    const std::size_t pages = messages <= ipc::page_messages ? 1 : 2;
    CHECK(fixture.end().size() == 2 * pages);
  }
}

TEST_CASE("a size that the keeper does not know yet fails for now, and is asked for again") {
  std::uint64_t second = ipc::SizesAnswer::no_size;
  RemoteFixture fixture([&](MemoryKeeper& keeper) {
    ipc::SizesAnswer sizes{};
    sizes.first = 1;
    sizes.count = 3;
    sizes.octets[0] = sizes.octets[2] = 5;
    sizes.octets[1] = std::exchange(second, 7);
    keeper.send(sizes);
  });
  RemoteMaildrop maildrop(Requester(fixture.channel), 3);
  try {
    (void)maildrop.octets(2);
    CHECK(false);
  } catch (const pop3::StoreFailure& failure) {
    CHECK(failure.kind == pop3::StoreFailure::Kind::temporary);
  }
  CHECK(maildrop.octets(1) == 5);
  CHECK(maildrop.octets(3) == 5);
  CHECK(maildrop.octets(2) == 7);
  CHECK(fixture.end().size() == 2);
}

TEST_CASE("the keeper hears once of a message that was not sent with the size that was told") {
  RemoteFixture fixture(2);
  RemoteMaildrop maildrop(Requester(fixture.channel), 2);
  const auto send = [&](pop3::MessageNumber message, pop3::Octets octets) {
    maildrop.open(message)->sent_whole(octets);
  };
  send(1, 99); // no size is known yet
  CHECK(maildrop.octets(2) == 3);
  send(2, 3);
  send(2, 4);
  send(2, 5);
  send(1, 2);
  std::vector<std::uint32_t> heard;
  for (const auto& request : fixture.end())
    if (const auto* changed = std::get_if<ipc::SizeChangedRequest>(&request))
      heard.push_back(changed->message);
  CHECK(heard == std::vector<std::uint32_t>{2, 1});
}

TEST_CASE("failures of the store become StoreFailure of the same kind") {
  using Kind = pop3::StoreFailure::Kind;
  for (const auto outcome : {ipc::Outcome::temporary, ipc::Outcome::permanent}) {
    const auto kind = outcome == ipc::Outcome::permanent ? Kind::permanent : Kind::temporary;
    const auto kind_of = [](const auto& act) {
      try {
        act();
      } catch (const pop3::StoreFailure& failure) {
        return std::optional(failure.kind);
      }
      return std::optional<Kind>();
    };
    const auto open = support::open_answer({{.outcome = outcome}});
    ipc::CommitAnswer commit;
    commit.outcome = outcome;
    ipc::SizesAnswer sizes{};
    sizes.outcome = outcome;
    {
      RemoteFixture fixture([&](MemoryKeeper& keeper) { keeper.send(open); });
      RemoteMaildrop maildrop(Requester(fixture.channel), 1);
      CHECK(kind_of([&] { (void)maildrop.open(1); }) == kind);
    }
    {
      RemoteFixture fixture([&](MemoryKeeper& keeper) { keeper.send(sizes); });
      RemoteMaildrop maildrop(Requester(fixture.channel), 1);
      CHECK(kind_of([&] { (void)maildrop.octets(1); }) == kind);
    }
    {
      auto ends = ipc::Channel::make_pair();
      RemoteMaildrop maildrop(Requester(ends.first), 0);
      ends.second.send(ipc::bytes_of(commit));
      CHECK(kind_of([&] { (void)maildrop.update(pop3::Marks(0), pop3::Marks(0)); }) == kind);
    }
  }
}

TEST_CASE("marks go out in pages before the commit, and each on its place") {
  for (const std::uint32_t messages :
       {ipc::marks_messages - 1, ipc::marks_messages, ipc::marks_messages + 1}) {
    RemoteFixture fixture(messages);
    RemoteMaildrop maildrop(Requester(fixture.channel), messages);
    pop3::Marks deleted(messages), retrieved(messages);
    deleted.set(1);
    deleted.set(messages);
    retrieved.set(2);
    (void)maildrop.update(deleted, retrieved);
    const auto& requests = fixture.end();
    const std::size_t pages = messages <= ipc::marks_messages ? 1 : 2;
    REQUIRE(requests.size() == pages + 1);
    CHECK(std::holds_alternative<ipc::CommitRequest>(requests.back()));
    const auto& first = std::get<ipc::MarksRequest>(requests[0]);
    const auto& last = std::get<ipc::MarksRequest>(requests[pages - 1]);
    CHECK((first.deleted[0] & 1) == 1);
    CHECK(first.retrieved[0] == 2);
    const auto in_page = messages - last.first;
    CHECK((last.deleted[in_page / 8] >> (in_page % 8) & 1) == 1);
  }
}

TEST_CASE("the result of UPDATE is that of the other side") {
  auto ends = ipc::Channel::make_pair();
  RemoteMaildrop maildrop(Requester(ends.first), 0);
  ipc::CommitAnswer answer;
  answer.removed = 3;
  answer.failed = 2;
  ends.second.send(ipc::bytes_of(answer));
  const auto result = maildrop.update(pop3::Marks(0), pop3::Marks(0));
  CHECK(result.removed == 3);
  CHECK(result.failed == 2);
}

TEST_CASE("an answer of no known kind, or with octets too many, is a violation") {
  expect_violation(std::array<std::uint32_t, 2>{77, 0});
  expect_violation(std::array<std::uint8_t, 1>{1});
  expect_violation(ipc::SizesRequest());
  ipc::CommitAnswer bad;
  bad.outcome = static_cast<ipc::Outcome>(9);
  expect_violation(bad);
}

TEST_CASE("an answer to another question is a violation") {
  const auto throws = [](const auto& answer, const auto& ask) {
    RemoteFixture fixture([&](MemoryKeeper& keeper) { keeper.send(answer); });
    RemoteMaildrop maildrop(Requester(fixture.channel), 1);
    CHECK_THROWS_AS(ask(maildrop), ipc::ProtocolViolation);
  };
  const auto sizes = [](RemoteMaildrop& maildrop) { (void)maildrop.octets(1); };
  const auto open = [](RemoteMaildrop& maildrop) { (void)maildrop.open(1); };
  throws(ipc::CommitAnswer(), sizes);
  throws(ipc::LoginAnswer(), sizes);
  throws(ipc::SizesAnswer(), open);
  throws(ipc::UniqueIdsAnswer(), open);
}

TEST_CASE("a page other than the one asked for is a violation") {
  for (const auto& [first, count] : {std::pair{2u, 10u}, {1u, 9u}, {1u, 11u}, {0u, 10u}}) {
    ipc::SizesAnswer sizes{};
    sizes.first = first;
    sizes.count = count;
    ipc::UniqueIdsAnswer ids{};
    ids.first = first;
    ids.count = count;
    {
      RemoteFixture fixture([&](MemoryKeeper& keeper) { keeper.send(sizes); });
      RemoteMaildrop maildrop(Requester(fixture.channel), 10);
      CHECK_THROWS_AS((void)maildrop.octets(1), ipc::ProtocolViolation);
    }
    {
      RemoteFixture fixture([&](MemoryKeeper& keeper) { keeper.send(ids); });
      RemoteMaildrop maildrop(Requester(fixture.channel), 10);
      CHECK_THROWS_AS((void)maildrop.unique_id(1), ipc::ProtocolViolation);
    }
  }
}

TEST_CASE("a message without its descriptor, and a descriptor without a message, are violations") {
  {
    const auto answer = support::open_answer({{.outcome = ipc::Outcome::done}});
    RemoteFixture fixture([&](MemoryKeeper& keeper) { keeper.send(answer); });
    RemoteMaildrop maildrop(Requester(fixture.channel), 1);
    CHECK_THROWS_AS((void)maildrop.open(1), ipc::ProtocolViolation);
  }
  ipc::SizesAnswer sizes{};
  sizes.first = 1;
  sizes.count = 1;
  RemoteFixture fixture([&](MemoryKeeper& keeper) { keeper.send(sizes, 2); });
  RemoteMaildrop maildrop(Requester(fixture.channel), 1);
  CHECK_THROWS_AS((void)maildrop.octets(1), ipc::ProtocolViolation);
}

TEST_CASE("the other side's death ends a question") {
  RemoteFixture fixture([](MemoryKeeper& keeper) { keeper.leave(); });
  RemoteMaildrop maildrop(Requester(fixture.channel), 1);
  CHECK_THROWS_AS((void)maildrop.octets(1), ipc::ChannelClosed);
}
