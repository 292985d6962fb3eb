// SPDX-License-Identifier: ISC
#include "ipc/channel.hpp"

#include "ipc/message.hpp"
#include "support/copies.hpp"

#include <array>
#include <chrono>
#include <cstring>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <ostream>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

using namespace ipc;

namespace {

std::span<const std::byte> bytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for (int fd = 0; fd < 256; ++fd)
    count += fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
  return count;
}

/// Sends `text` with `count` descriptors, which no Channel does when they are too many.
void send_with_descriptors(const Channel& channel, const std::string& text, std::size_t count) {
  const std::vector<int> fds(count, 2);
  std::vector<char> control(CMSG_SPACE(count * sizeof(int)));
  iovec part{const_cast<char*>(text.data()), text.size()};
  msghdr packet{};
  packet.msg_iov = &part;
  packet.msg_iovlen = 1;
  packet.msg_control = control.data();
  packet.msg_controllen = control.size();
  cmsghdr* header = CMSG_FIRSTHDR(&packet);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(count * sizeof(int));
  std::memcpy(CMSG_DATA(header), fds.data(), count * sizeof(int));
  REQUIRE(sendmsg(channel.fd(), &packet, MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()));
}

} // namespace

TEST_CASE("messages arrive whole and in order") {
  auto [one, other] = Channel::make_pair();
  one.send(bytes("first"));
  one.send(bytes("second"));
  std::array<std::byte, 64> space;
  CHECK(other.receive(space).size == 5);
  const auto received = other.receive(space);
  CHECK(received.size == 6);
  CHECK(std::memcmp(space.data(), "second", 6) == 0);
  CHECK(received.fds.empty());
}

TEST_CASE("a descriptor comes along, and is not inherited") {
  auto [one, other] = Channel::make_pair();
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const base::UniqueFd in(ends[0]), out(ends[1]);
  one.send(bytes("x"), {&out, 1});
  std::array<std::byte, 64> space;
  const auto received = other.receive(space);
  REQUIRE(received.fds.size() == 1);
  const int fd = received.fds.front().get();
  CHECK((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
  CHECK(write(fd, "!", 1) == 1);
  char letter = 0;
  CHECK(read(in.get(), &letter, 1) == 1);
  CHECK(letter == '!');
}

TEST_CASE("descriptors arrive in their order, up to max_opened of them, and are not inherited") {
  for (const std::size_t count : {std::size_t{2}, std::size_t{7}, std::size_t{max_opened}}) {
    auto [one, other] = Channel::make_pair();
    const auto before = open_descriptors();
    {
      std::vector<base::UniqueFd> files;
      for (std::size_t i = 0; i < count; ++i) {
        files.emplace_back(memfd_create("file", MFD_CLOEXEC));
        REQUIRE(ftruncate(files.back().get(), static_cast<off_t>(i)) == 0);
      }
      one.send(bytes("x"), files);
    }
    CHECK(open_descriptors() == before); // the sender's are closed
    std::array<std::byte, 64> space;
    const auto received = other.receive(space);
    CHECK(received.size == 1);
    REQUIRE(received.fds.size() == count);
    for (std::size_t i = 0; i < count; ++i) {
      CHECK(lseek(received.fds[i].get(), 0, SEEK_END) == static_cast<off_t>(i));
      CHECK((fcntl(received.fds[i].get(), F_GETFD) & FD_CLOEXEC) != 0);
    }
  }
}

TEST_CASE("more than max_opened descriptors are not sent") {
  auto [one, other] = Channel::make_pair();
  const auto before = open_descriptors();
  CHECK_THROWS_AS(one.send(bytes("x"), support::copies(2, max_opened + 1)), std::length_error);
  CHECK(open_descriptors() == before);
  one.send(bytes("next"));
  std::array<std::byte, 64> space;
  CHECK(other.receive(space).size == 4);
}

TEST_CASE("a message that fills the space is taken, one octet more is a violation") {
  for (const std::size_t size : {std::size_t{63}, std::size_t{64}, std::size_t{65}}) {
    auto [one, other] = Channel::make_pair();
    one.send(bytes(std::string(size, 'x')));
    std::array<std::byte, 64> space;
    if (size <= space.size())
      CHECK(other.receive(space).size == size);
    else
      CHECK_THROWS_AS(other.receive(space), ProtocolViolation);
  }
}

TEST_CASE("more than max_opened descriptors are a violation, and none of them stays open") {
  for (const std::size_t count :
       {std::size_t{max_opened + 1}, std::size_t{max_opened + 2}, std::size_t{100}}) {
    auto [one, other] = Channel::make_pair();
    const auto before = open_descriptors();
    send_with_descriptors(one, "x", count);
    std::array<std::byte, 64> space;
    CHECK_THROWS_AS(other.receive(space), ProtocolViolation);
    CHECK(open_descriptors() == before);
  }
}

TEST_CASE("a truncated message with descriptors leaves none open") {
  auto [one, other] = Channel::make_pair();
  const auto before = open_descriptors();
  one.send(bytes(std::string(65, 'x')), support::copies(2, max_opened));
  std::array<std::byte, 64> space;
  CHECK_THROWS_AS(other.receive(space), ProtocolViolation);
  CHECK(open_descriptors() == before);
}

TEST_CASE("when the other end is gone both directions say so") {
  auto [one, other] = Channel::make_pair();
  other = Channel(base::UniqueFd());
  std::array<std::byte, 64> space;
  CHECK_THROWS_AS(one.receive(space), ChannelClosed);
  CHECK_THROWS_AS(one.send(bytes("x")), ChannelClosed);
}

TEST_CASE("messages that were sent before the end still arrive") {
  auto [one, other] = Channel::make_pair();
  one.send(bytes("last"));
  one = Channel(base::UniqueFd());
  std::array<std::byte, 64> space;
  CHECK(other.receive(space).size == 4);
  CHECK_THROWS_AS(other.receive(space), ChannelClosed);
}

TEST_CASE("an empty message is never taken for a message") {
  auto [one, other] = Channel::make_pair();
  REQUIRE(send(one.fd(), "", 0, MSG_NOSIGNAL) == 0);
  std::array<std::byte, 64> space;
  CHECK_THROWS((void)other.receive(space));
}

TEST_CASE("a silent or full channel is waited for no longer than its limit") {
  using Clock = std::chrono::steady_clock;
  auto ends = Channel::make_pair();
  auto& one = ends.first;
  one.set_limit(std::chrono::seconds(1));
  std::array<std::byte, 64> space;
  const auto before = Clock::now();
  CHECK_THROWS_AS(one.receive(space), ChannelTimeout);
  CHECK(Clock::now() - before >= std::chrono::milliseconds(900));
  CHECK_THROWS_AS(
      [&] {
        for (int i = 0; i < 100'000; ++i)
          one.send(bytes(std::string(1000, 'x')));
      }(),
      ChannelTimeout);
  CHECK(Clock::now() - before < std::chrono::seconds(30));
}

TEST_CASE("the last message or the end of the channel is noticed without waiting or receiving") {
  constexpr std::uint32_t last = 7, other = 6;
  auto [ours, theirs] = Channel::make_pair();
  CHECK_FALSE(ours.is_ended_by(last));
  std::array<std::byte, 8> space;
  for (const auto& kind : {other, last}) {
    theirs.send(std::as_bytes(std::span(&kind, 1)));
    CHECK(ours.is_ended_by(last) == (kind == last));
    CHECK(ours.receive(space).size == 4);
    CHECK_FALSE(ours.is_ended_by(last));
  }
  theirs.send(std::as_bytes(std::span("x", 1))); // too short for a kind
  CHECK_FALSE(ours.is_ended_by(last));
  CHECK(ours.receive(space).size == 1);
  theirs = Channel(base::UniqueFd());
  CHECK(ours.is_ended_by(last));
}
