// SPDX-License-Identifier: ISC
#include "front/remote_maildrop.hpp"

#include "support/files.hpp"
#include "support/remote_fixture.hpp"
#include "support/scratch_dir.hpp"

#include <array>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <ostream>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace front;
using support::MemoryKeeper;
using support::RemoteFixture;

namespace {

/// A file of more than 100 octets that has a name.
base::UniqueFd open_named() {
  return base::UniqueFd(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
}

/// The messages that the keeper was asked to open.
std::vector<std::uint32_t> opened(const std::vector<ipc::Request>& requests) {
  std::vector<std::uint32_t> messages;
  for (const auto& request : requests)
    if (const auto* open = std::get_if<ipc::OpenRequest>(&request))
      for (std::uint32_t i = 0; i < open->count; ++i)
        messages.push_back(open->message + i);
  return messages;
}

/// The requests to open messages: the first message and the number of messages of each.
std::vector<std::pair<std::uint32_t, std::uint32_t>>
ranges(const std::vector<ipc::Request>& requests) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges;
  for (const auto& request : requests)
    if (const auto* open = std::get_if<ipc::OpenRequest>(&request))
      ranges.emplace_back(open->message, open->count);
  return ranges;
}

} // namespace

TEST_CASE("a message comes as a source") {
  RemoteFixture fixture(2);
  RemoteMaildrop maildrop(Requester(fixture.channel), 2);
  const auto source = maildrop.open(2);
  REQUIRE(source);
  std::array<char, 10> space;
  CHECK(source->read(space) == 2);
  CHECK(source->read(space) == 0);
}

TEST_CASE("messages that are taken in their order are opened several at a time") {
  const auto stored = open_named();
  RemoteFixture fixture([&](MemoryKeeper& keeper) { keeper.send_files(stored.get(), 0); });
  RemoteMaildrop maildrop(Requester(fixture.channel), 2 + ipc::max_opened + 1);
  for (pop3::MessageNumber message = 1; message <= maildrop.count(); ++message)
    CHECK(maildrop.open(message) != nullptr);
  const auto& requests = fixture.end();
  CHECK(opened(requests) == std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  CHECK(ranges(requests) ==
        std::vector<std::pair<std::uint32_t, std::uint32_t>>{{1, 1}, {2, 8}, {10, 2}});
}

TEST_CASE("messages out of their order are opened one at a time") {
  const auto stored = open_named();
  RemoteFixture fixture([&](MemoryKeeper& keeper) { keeper.send_files(stored.get(), 0); });
  RemoteMaildrop maildrop(Requester(fixture.channel), 20);
  for (const pop3::MessageNumber message : {1, 3, 3, 2, 9})
    CHECK(maildrop.open(message) != nullptr);
  CHECK(opened(fixture.end()) == std::vector<std::uint32_t>{1, 3, 3, 2, 9});
}

TEST_CASE("a message that has lost its name since it was opened ahead is asked for again") {
  RemoteFixture fixture(3); // its messages are files without a name
  RemoteMaildrop maildrop(Requester(fixture.channel), 3);
  for (const pop3::MessageNumber message : {1, 2, 3})
    CHECK(maildrop.open(message) != nullptr);
  CHECK(opened(fixture.end()) == std::vector<std::uint32_t>{1, 2, 3, 3});
}

TEST_CASE("a message that was written to since it was opened ahead is asked for again") {
  const support::ScratchDir dir;
  const auto path = dir.path("message");
  support::write_file(path, "one");
  RemoteFixture fixture([&](MemoryKeeper& keeper) {
    const base::UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    keeper.send_files(file.get(), 3);
  });
  RemoteMaildrop maildrop(Requester(fixture.channel), 4);
  CHECK(maildrop.open(1) != nullptr);
  CHECK(maildrop.open(2) != nullptr);
  usleep(20'000); // more than the resolution of file times
  support::write_file(path, "two");
  const auto source = maildrop.open(3);
  std::string space(10, '\0');
  CHECK(source->read(space) == 3);
  CHECK(space.starts_with("two"));
  CHECK(source->read(space) == 0);
  CHECK(maildrop.open(4) != nullptr);
  CHECK(opened(fixture.end()) == std::vector<std::uint32_t>{1, 2, 3, 4, 3, 4});
}

TEST_CASE("a message that was written to after the keeper has opened it is noticed") {
  const auto stored = open_named();
  auto entry = support::entry_of(stored.get(), 10);
  ++entry.modified.tv_sec;
  RemoteFixture fixture([&](MemoryKeeper& keeper) {
    keeper.send(support::open_answer({entry}), support::copies(stored.get()));
  });
  RemoteMaildrop maildrop(Requester(fixture.channel), 1);
  const auto source = maildrop.open(1);
  std::array<char, 10> space;
  CHECK(source->read(space) == 10);
  CHECK_THROWS_AS(source->read(space), pop3::MessageChanged);
}

TEST_CASE("a message that is gone is no source") {
  const auto answer = support::open_answer({{.outcome = ipc::Outcome::gone}});
  RemoteFixture fixture([&](MemoryKeeper& keeper) { keeper.send(answer); });
  RemoteMaildrop maildrop(Requester(fixture.channel), 2);
  CHECK(maildrop.open(1) == nullptr);
}

TEST_CASE("a message that is gone or fails leaves the others their files") {
  constexpr std::uint32_t gone = 4, failed = 6; // when messages 2 to 9 are opened
  RemoteFixture fixture([&](MemoryKeeper& keeper) {
    const auto& open = std::get<ipc::OpenRequest>(keeper.requests.back());
    std::vector<ipc::OpenAnswer::Entry> entries;
    std::vector<base::UniqueFd> files;
    for (auto message = open.message; message < open.message + open.count; ++message) {
      if (message == gone || message == failed) {
        entries.push_back(
            {.outcome = message == gone ? ipc::Outcome::gone : ipc::Outcome::permanent});
        continue;
      }
      // A name that each of them has: its length tells which message it is.
      files.emplace_back(open_named());
      entries.push_back(support::entry_of(files.back().get(), message));
    }
    keeper.send(support::open_answer(entries), files);
  });
  RemoteMaildrop maildrop(Requester(fixture.channel), 9);
  for (pop3::MessageNumber message = 1; message <= maildrop.count(); ++message) {
    CAPTURE(message);
    if (message == failed) {
      CHECK_THROWS_AS((void)maildrop.open(message), pop3::StoreFailure);
      continue;
    }
    const auto source = maildrop.open(message);
    CHECK((source == nullptr) == (message == gone));
    std::array<char, 100> space;
    if (source)
      CHECK(source->read(space) == message);
  }
  // A message without a file is asked for again when its turn comes.
  CHECK(ranges(fixture.end()).size() == 4);
}

TEST_CASE("an answer with another number of entries or descriptors is a violation") {
  const auto throws = [](const std::vector<ipc::Outcome>& outcomes, std::size_t files) {
    RemoteFixture fixture([&](MemoryKeeper& keeper) {
      if (keeper.requests.size() == 1)
        return keeper.send_files(2, 0); // message 1; messages 2 to 4 are asked for together
      std::vector<ipc::OpenAnswer::Entry> entries;
      for (const auto outcome : outcomes)
        entries.push_back({.outcome = outcome});
      keeper.send(support::open_answer(entries), support::copies(2, files));
    });
    RemoteMaildrop maildrop(Requester(fixture.channel), 4);
    CHECK(maildrop.open(1) != nullptr);
    try {
      (void)maildrop.open(2);
    } catch (const ipc::ProtocolViolation&) {
      return true;
    }
    return false;
  };
  constexpr auto done = ipc::Outcome::done, gone = ipc::Outcome::gone;
  CHECK_FALSE(throws({done, done, done}, 3));
  CHECK_FALSE(throws({done, gone, done}, 2));
  for (const std::size_t files : {0, 1, 2, 4, 8})
    CHECK(throws({done, done, done}, files));
  for (const std::size_t files : {0, 1, 3})
    CHECK(throws({done, gone, done}, files));
  CHECK(throws({gone, gone, gone}, 1));
  CHECK(throws({}, 0));
  CHECK(throws({done, done}, 2));
  CHECK(throws({done, done, done, done}, 4));
}
