// SPDX-License-Identifier: ISC
#include "base/deadline_stream.hpp"

#include "base/unique_fd.hpp"

#include <array>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <ostream>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using base::ConnectionLost;
using base::DeadlineStream;
using base::Timeout;
using base::UniqueFd;
using namespace std::chrono_literals;

namespace {

using Clock = DeadlineStream::Clock;

/// More than anything takes here, even on a busy machine.
constexpr auto patience = 30s;

/// The two ends of a connection to a client: a socket pair or two pipes.
struct Pair {
  UniqueFd ours_in, ours_out, theirs_in, theirs_out;
};

Pair socket_pair() {
  int fds[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
  return {UniqueFd(fds[0]), UniqueFd(dup(fds[0])), UniqueFd(fds[1]), UniqueFd(dup(fds[1]))};
}

Pair pipe_pair() {
  int there[2], back[2];
  REQUIRE(pipe2(there, O_CLOEXEC) == 0);
  REQUIRE(pipe2(back, O_CLOEXEC) == 0);
  return {UniqueFd(there[0]), UniqueFd(back[1]), UniqueFd(back[0]), UniqueFd(there[1])};
}

template <class Check> void for_both(const Check& check) {
  SUBCASE("a socket") {
    auto pair = socket_pair();
    check(pair);
  }
  SUBCASE("pipes") {
    // The program ignores SIGPIPE, too: a write to a closed pipe must not end the process.
    std::signal(SIGPIPE, SIG_IGN);
    auto pair = pipe_pair();
    check(pair);
  }
}

std::size_t drain(int fd, std::size_t wanted) {
  std::array<char, 65536> scrap;
  std::size_t got = 0;
  while (got < wanted) {
    const auto octets = read(fd, scrap.data(), scrap.size());
    if (octets <= 0)
      break;
    got += static_cast<std::size_t>(octets);
  }
  return got;
}

} // namespace

TEST_CASE("available input is read at once, and missing input is waited for until the deadline") {
  for_both([](Pair& pair) {
    DeadlineStream stream(pair.ours_in.get(), pair.ours_out.get());
    std::array<char, 16> space;
    CHECK_FALSE(stream.has_input());
    const auto before = Clock::now();
    CHECK_THROWS_AS(stream.read_some(space, before + 30ms), Timeout);
    CHECK(Clock::now() - before >= 30ms);
    CHECK(Clock::now() - before < patience);
    REQUIRE(write(pair.theirs_out.get(), "abc", 3) == 3);
    CHECK(stream.has_input());
    CHECK(stream.read_some(space, Clock::now()) == 3);
    CHECK(std::string_view(space.data(), 3) == "abc");
  });
}

TEST_CASE("a deadline in the past is a timeout, not a wait") {
  for_both([](Pair& pair) {
    DeadlineStream stream(pair.ours_in.get(), pair.ours_out.get());
    std::array<char, 16> space;
    CHECK_THROWS_AS(stream.read_some(space, Clock::now() - 1h), Timeout);
  });
}

TEST_CASE("the end of the peer's side is a lost connection") {
  for_both([](Pair& pair) {
    DeadlineStream stream(pair.ours_in.get(), pair.ours_out.get());
    REQUIRE(write(pair.theirs_out.get(), "a", 1) == 1);
    pair.theirs_out.reset();
    pair.theirs_in.reset();
    std::array<char, 16> space;
    CHECK(stream.has_input());
    CHECK(stream.read_some(space, Clock::now() + 1s) == 1);
    CHECK_THROWS_AS(stream.read_some(space, Clock::now() + 1s), ConnectionLost);
  });
}

TEST_CASE("writing to a peer that is gone is a lost connection, and no signal") {
  for_both([](Pair& pair) {
    DeadlineStream stream(pair.ours_in.get(), pair.ours_out.get());
    pair.theirs_in.reset();
    pair.theirs_out.reset();
    CHECK_THROWS_AS(stream.write_all("abc", 1s, Clock::now() + 5s), ConnectionLost);
  });
}

TEST_CASE("a peer that does not read is waited for no longer than patience") {
  for_both([](Pair& pair) {
    DeadlineStream stream(pair.ours_in.get(), pair.ours_out.get());
    const std::string much(8 << 20, 'x');
    const auto before = Clock::now();
    CHECK_THROWS_AS(stream.write_all(much, 1s, Clock::time_point::max()), Timeout);
    CHECK(Clock::now() - before >= 1s);
    CHECK(Clock::now() - before < patience);
  });
}

TEST_CASE("a deadline ends a write before patience does") {
  for_both([](Pair& pair) {
    DeadlineStream stream(pair.ours_in.get(), pair.ours_out.get());
    const std::string much(8 << 20, 'x');
    const auto before = Clock::now();
    CHECK_THROWS_AS(stream.write_all(much, 2 * patience, before + 50ms), Timeout);
    CHECK(Clock::now() - before < patience);
  });
}

TEST_CASE("a slow reader gets everything") {
  for_both([](Pair& pair) {
    DeadlineStream stream(pair.ours_in.get(), pair.ours_out.get());
    const std::string much(3 << 20, 'x');
    std::size_t got = 0;
    std::thread reader([&] { got = drain(pair.theirs_in.get(), much.size()); });
    stream.write_all(much, 5s, Clock::time_point::max());
    reader.join();
    CHECK(got == much.size());
  });
}

TEST_CASE("the descriptors stay as they were: neither non-blocking nor closed") {
  for_both([](Pair& pair) {
    {
      DeadlineStream stream(pair.ours_in.get(), pair.ours_out.get());
      stream.write_all("abc", 1s, Clock::time_point::max());
    }
    CHECK((fcntl(pair.ours_out.get(), F_GETFL) & O_NONBLOCK) == 0);
    CHECK(fcntl(pair.ours_in.get(), F_GETFD) >= 0);
  });
}

TEST_CASE("a gentle close says the end and waits for the peer's") {
  auto pair = socket_pair();
  DeadlineStream stream(pair.ours_in.get(), pair.ours_out.get());
  std::thread peer([&] {
    std::array<char, 16> scrap;
    CHECK(read(pair.theirs_in.get(), scrap.data(), scrap.size()) == 0);
    std::this_thread::sleep_for(50ms);
    pair.theirs_in.reset();
    pair.theirs_out.reset();
  });
  const auto before = Clock::now();
  stream.close_gracefully(2 * patience);
  CHECK(Clock::now() - before >= 40ms);
  CHECK(Clock::now() - before < patience);
  peer.join();
}

TEST_CASE("a gentle close ends when patience or the amount of input does") {
  auto pair = socket_pair();
  DeadlineStream stream(pair.ours_in.get(), pair.ours_out.get());
  const auto before = Clock::now();
  stream.close_gracefully(50ms);
  CHECK(Clock::now() - before < patience);

  auto other = socket_pair();
  DeadlineStream flooded(other.ours_in.get(), other.ours_out.get());
  std::thread peer([&] {
    std::signal(SIGPIPE, SIG_IGN);
    const std::string block(4096, 'x');
    for (int i = 0; i < 1000; ++i)
      if (send(other.theirs_out.get(), block.data(), block.size(), MSG_NOSIGNAL) < 0)
        return;
  });
  flooded.close_gracefully(2 * patience);
  CHECK(Clock::now() - before < patience);
  other.ours_in.reset();
  other.ours_out.reset();
  peer.join();
}

TEST_CASE("while it waits for another descriptor, a peer that closes the connection is lost") {
  auto pair = socket_pair();
  auto other = socket_pair();
  const DeadlineStream stream(pair.ours_in.get(), pair.ours_out.get());
  std::thread peer([&] {
    std::this_thread::sleep_for(50ms);
    pair.theirs_in.reset();
    pair.theirs_out.reset();
  });
  const auto late = Clock::now() + patience;
  CHECK_THROWS_AS(stream.await_other({other.ours_in.get(), POLLIN, late, late}), ConnectionLost);
  peer.join();
}

TEST_CASE("a peer that has closed only its sending side is waited for as long as patience lasts") {
  auto pair = socket_pair();
  auto other = socket_pair();
  const DeadlineStream stream(pair.ours_in.get(), pair.ours_out.get());
  REQUIRE(shutdown(pair.theirs_out.get(), SHUT_WR) == 0);
  std::thread answerer([&] {
    std::this_thread::sleep_for(50ms);
    CHECK(write(other.theirs_out.get(), "x", 1) == 1);
  });
  const auto late = Clock::now() + patience;
  CHECK_NOTHROW(stream.await_other({other.ours_in.get(), POLLIN, late, late}));
  answerer.join();
  char octet = 0;
  REQUIRE(read(other.ours_in.get(), &octet, 1) == 1);
  const auto begin = Clock::now();
  CHECK_THROWS_AS(stream.await_other({other.ours_in.get(), POLLIN, late, begin + 100ms}),
                  ConnectionLost);
  CHECK(Clock::now() - begin >= 100ms);
}

TEST_CASE("another descriptor is waited for until the deadline, whatever the peer does") {
  auto other = socket_pair();
  for_both([&](Pair& pair) {
    const DeadlineStream stream(pair.ours_in.get(), pair.ours_out.get());
    CHECK(write(pair.theirs_out.get(), "x", 1) == 1);
    for (const bool is_of_interest : {true, false}) {
      const auto begin = Clock::now();
      const auto since = is_of_interest ? std::optional(begin) : std::nullopt;
      CHECK_THROWS_AS(stream.await_other({other.ours_in.get(), POLLIN, begin + 50ms, since}),
                      Timeout);
      CHECK(Clock::now() - begin >= 50ms);
      CHECK(Clock::now() - begin < patience);
    }
    pair.theirs_in.reset();
    pair.theirs_out.reset();
    CHECK_THROWS_AS(stream.await_other({other.ours_in.get(), POLLIN, Clock::now() + 50ms}),
                    Timeout);
    CHECK_NOTHROW(stream.await_other({other.ours_in.get(), POLLOUT, Clock::now() + patience}));
  });
}

TEST_CASE("a function is called before each wait, and again when it is a long one") {
  for_both([](Pair& pair) {
    DeadlineStream stream(pair.ours_in.get(), pair.ours_out.get());
    int waits = 0, long_waits = 0;
    stream.before_each_wait([&](bool is_long) { ++(is_long ? long_waits : waits); });
    std::array<char, 16> space;
    CHECK_THROWS_AS(stream.read_some(space, Clock::now() + DeadlineStream::short_wait + 50ms),
                    Timeout);
    CHECK(waits >= 1);
    CHECK(long_waits >= 1);
    waits = 0;
    CHECK_THROWS_AS(stream.write_all(std::string(8 << 20, 'x'), patience, Clock::now() + 30ms),
                    Timeout);
    CHECK(waits >= 1);
  });
}

TEST_CASE("a peer with input that is not read yet is not lost") {
  auto pair = socket_pair();
  auto other = socket_pair();
  const DeadlineStream stream(pair.ours_in.get(), pair.ours_out.get());
  CHECK(write(pair.theirs_out.get(), "QUIT", 4) == 4);
  pair.theirs_in.reset();
  pair.theirs_out.reset();
  const auto now = Clock::now();
  CHECK_THROWS_AS(stream.await_other({other.ours_in.get(), POLLIN, now + 50ms, now}), Timeout);
}

TEST_CASE("the task for a silent peer is called in each wait that lasts, and can end it") {
  struct Enough {};
  for_both([](Pair& pair) {
    DeadlineStream stream(pair.ours_in.get(), pair.ours_out.get());
    std::array<char, 16> space;
    int calls = 0;
    stream.on_silence(0s, [&] {
      if (++calls == 2)
        throw Enough();
    });
    const auto before = Clock::now();
    CHECK_THROWS_AS(stream.read_some(space, before + patience), Enough);
    CHECK(Clock::now() - before >= 1s);
    CHECK(Clock::now() - before < patience);
    calls = 1;
    CHECK_THROWS_AS(stream.write_all(std::string(8 << 20, 'x'), patience, Clock::time_point::max()),
                    Enough);
    stream.on_silence(patience, [] { throw Enough(); });
    CHECK_THROWS_AS(stream.read_some(space, Clock::now() + 30ms), Timeout);
    stream.on_silence({}, {});
    CHECK_THROWS_AS(stream.read_some(space, Clock::now() + 30ms), Timeout);
  });
}
