// SPDX-License-Identifier: ISC
#include "front/remote_maildrop.hpp"

#include "support/remote_fixture.hpp"

#include <array>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <ostream>

using namespace front;
using support::MemoryKeeper;
using support::RemoteFixture;

namespace {

/// The messages that the keeper was asked to open.
std::vector<std::uint32_t> opened(const std::vector<ipc::Request>& requests) {
  std::vector<std::uint32_t> messages;
  for (const auto& request : requests)
    if (const auto* open = std::get_if<ipc::OpenRequest>(&request))
      messages.push_back(open->message);
  return messages;
}

} // namespace

TEST_CASE("a message comes as a source") {
  RemoteFixture fixture(2);
  RemoteMaildrop maildrop(fixture.channel, 2);
  const auto source = maildrop.open(2);
  REQUIRE(source);
  std::array<char, 10> space;
  CHECK(source->read(space) == 2);
  CHECK(source->read(space) == 0);
}

TEST_CASE("messages that are taken in their order are opened several at a time") {
  const base::UniqueFd stored(open("/proc/self/exe", O_RDONLY)); // any file that has a name
  ipc::OpenAnswer answer;
  RemoteFixture fixture([&](MemoryKeeper& keeper) { keeper.send(answer, stored.get()); });
  RemoteMaildrop maildrop(fixture.channel, 2 + open_ahead + 1);
  for (pop3::MessageNumber message = 1; message <= maildrop.count(); ++message)
    CHECK(maildrop.open(message) != nullptr);
  CHECK(opened(fixture.end()) == std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
}

TEST_CASE("messages out of their order are opened one at a time") {
  const base::UniqueFd stored(open("/proc/self/exe", O_RDONLY));
  ipc::OpenAnswer answer;
  RemoteFixture fixture([&](MemoryKeeper& keeper) { keeper.send(answer, stored.get()); });
  RemoteMaildrop maildrop(fixture.channel, 20);
  for (const pop3::MessageNumber message : {1, 3, 3, 2, 9})
    CHECK(maildrop.open(message) != nullptr);
  CHECK(opened(fixture.end()) == std::vector<std::uint32_t>{1, 3, 3, 2, 9});
}

TEST_CASE("a message that has lost its name since it was opened ahead is asked for again") {
  RemoteFixture fixture(3); // its messages are files without a name
  RemoteMaildrop maildrop(fixture.channel, 3);
  for (const pop3::MessageNumber message : {1, 2, 3})
    CHECK(maildrop.open(message) != nullptr);
  CHECK(opened(fixture.end()) == std::vector<std::uint32_t>{1, 2, 3, 3});
}

TEST_CASE("a message that is gone is no source") {
  ipc::OpenAnswer answer;
  answer.outcome = ipc::Outcome::gone;
  RemoteFixture fixture([&](MemoryKeeper& keeper) { keeper.send(answer); });
  RemoteMaildrop maildrop(fixture.channel, 2);
  CHECK(maildrop.open(1) == nullptr);
}
