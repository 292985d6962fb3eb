// SPDX-License-Identifier: ISC
// The requests that a front may not send to a keeper: each of them ends the keeper.
#include "support/running_keeper.hpp"

#include <cstring>
#include <doctest/doctest.h>
#include <ostream>

using namespace keeper;
using namespace support;
using Names = std::vector<std::string>;

namespace {

/// Checks that `act` ends the keeper and that two marked messages stay in the maildrop.
template <class Act> void expect_the_end(const Act& act) {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  mail.put("cur/2.b:2,");
  RunningKeeper keeper(mail.path());
  REQUIRE(keeper.greeting.granted == 1);
  keeper.mark({1, 2});
  act(keeper);
  CHECK(keeper.await() == violated);
  CHECK(mail.files() == Names{"cur/2.b:2,", "new/1.a"});
}

} // namespace

TEST_CASE("numbers that no message has are the end") {
  for (const std::uint32_t number : {0u, 3u, 0xffffffffu}) {
    expect_the_end([&](RunningKeeper& keeper) { keeper.tell(numbered<ipc::OpenRequest>(number)); });
    expect_the_end(
        [&](RunningKeeper& keeper) { keeper.tell(numbered<ipc::SizesRequest>(number)); });
    expect_the_end(
        [&](RunningKeeper& keeper) { keeper.tell(numbered<ipc::UniqueIdsRequest>(number)); });
  }
  for (const std::uint32_t first : {0u, 2u, ipc::marks_messages + 1})
    expect_the_end([&](RunningKeeper& keeper) { keeper.tell(numbered<ipc::MarksRequest>(first)); });
}

TEST_CASE("a range of messages that is empty, too long or goes beyond the last is the end") {
  const auto open = [](std::uint32_t message, std::uint32_t count) {
    return [=](RunningKeeper& keeper) {
      keeper.tell(ipc::OpenRequest{{.message = message}, count});
    };
  };
  for (const std::uint32_t count : {0u, 3u, ipc::max_opened, ipc::max_opened + 1, 0xffffffffu})
    expect_the_end(open(1, count)); // of two messages
  expect_the_end(open(2, 2));
  expect_the_end(open(2, 0xffffffff));
  expect_the_end(open(0xffffffff, 2));
}

TEST_CASE("a login after login is the end") {
  expect_the_end([](RunningKeeper& keeper) { keeper.tell(ipc::LoginRequest()); });
}

TEST_CASE("an attempt of any kind after login is the end") {
  const ipc::LoginRequest token{.mechanism = pop3::Mechanism::oauthbearer};
  expect_the_end([&](RunningKeeper& keeper) { keeper.tell(token); });
  expect_the_end([](RunningKeeper& keeper) { keeper.tell(ipc::ScramStartRequest()); });
  expect_the_end([](RunningKeeper& keeper) { keeper.tell(ipc::ScramCheckRequest()); });
  expect_the_end([](RunningKeeper& keeper) { keeper.tell(ipc::ScramFinishRequest()); });
  expect_the_end([](RunningKeeper& keeper) { keeper.tell(ipc::UnprotectedRequest()); });
}

TEST_CASE("a descriptor along with a request is the end") {
  expect_the_end([](RunningKeeper& keeper) { keeper.tell(ipc::CommitRequest(), 2); });
  expect_the_end([](RunningKeeper& keeper) { keeper.tell(numbered<ipc::OpenRequest>(1), 2); });
}

TEST_CASE("garbage is the end, whatever its length") {
  for (const std::size_t length :
       {std::size_t{1}, std::size_t{4}, std::size_t{8}, sizeof(ipc::MarksRequest),
        ipc::max_request + 1, 8 * ipc::max_request}) {
    CAPTURE(length);
    expect_the_end([&](RunningKeeper& keeper) {
      keeper.channel().send(std::vector<std::byte>(length, std::byte{0xa5}));
    });
  }
}

TEST_CASE("a request that is one octet too long or too short is the end") {
  for (const int more : {-1, 1})
    expect_the_end([&](RunningKeeper& keeper) {
      const auto request = numbered<ipc::OpenRequest>(1);
      std::vector<std::byte> bytes(sizeof request + 1);
      std::memcpy(bytes.data(), &request, sizeof request);
      bytes.resize(sizeof request + static_cast<std::size_t>(more));
      keeper.channel().send(bytes);
    });
}

TEST_CASE("an answer sent as a request is the end") {
  expect_the_end([](RunningKeeper& keeper) { keeper.tell(ipc::CommitAnswer()); });
}

TEST_CASE("after the commit nothing but the report is permitted") {
  const auto after_commit = [](const auto& request) {
    const ScratchMaildir mail;
    mail.put("new/1.a");
    RunningKeeper keeper(mail.path());
    CHECK(keeper.ask<ipc::CommitAnswer>(ipc::CommitRequest()).outcome == ipc::Outcome::done);
    keeper.tell(request);
    CHECK(keeper.await() == violated);
    CHECK(mail.files() == Names{"new/1.a"});
  };
  after_commit(ipc::CommitRequest());
  after_commit(numbered<ipc::OpenRequest>(1));
  after_commit(numbered<ipc::SizesRequest>(1));
  after_commit(numbered<ipc::UniqueIdsRequest>(1));
  after_commit(numbered<ipc::MarksRequest>(1));
  const ScratchMaildir mail;
  RunningKeeper keeper(mail.path());
  (void)keeper.ask<ipc::CommitAnswer>(ipc::CommitRequest());
  keeper.tell(ipc::ReportRequest());
  CHECK(keeper.await() == orderly);
}

TEST_CASE("a size that was not told, or was complained of before, cannot be wrong") {
  const auto changed = [](std::uint32_t message) {
    ipc::SizeChangedRequest request;
    request.message = message;
    return request;
  };
  for (const std::uint32_t number : {0u, 1u, 3u, 0xffffffffu})
    expect_the_end([&](RunningKeeper& keeper) { keeper.tell(changed(number)); });
  expect_the_end([&](RunningKeeper& keeper) {
    (void)keeper.ask<ipc::SizesAnswer>(numbered<ipc::SizesRequest>(1));
    keeper.tell(changed(1));
    keeper.tell(changed(2));
    keeper.tell(changed(1));
  });
}

TEST_CASE("a message that does not exist cannot have failed") {
  for (const std::uint32_t number : {0u, 3u, 0xffffffffu}) {
    expect_the_end([&](RunningKeeper& keeper) {
      keeper.tell(ipc::ReadFailedRequest{{.message = number}, EIO});
    });
    expect_the_end([&](RunningKeeper& keeper) {
      keeper.tell(ipc::CodedRequest{{.message = number}, pop3::Coding::gzip});
    });
  }
}

TEST_CASE("an empty maildrop has no message to ask for") {
  const ScratchMaildir mail;
  {
    RunningKeeper keeper(mail.path());
    CHECK(keeper.greeting.count == 0);
    keeper.tell(numbered<ipc::MarksRequest>(1));
    CHECK(keeper.await() == violated);
  }
  RunningKeeper keeper(mail.path());
  CHECK(keeper.ask<ipc::CommitAnswer>(ipc::CommitRequest()).outcome == ipc::Outcome::done);
  CHECK(keeper.end() == orderly);
}
