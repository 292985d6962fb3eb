// SPDX-License-Identifier: ISC
#include "listener/stuck_sessions.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <string>
#include <unistd.h>

using namespace listener;
using Clock = StuckSessions::Clock;

namespace {

/// As Linux 6 writes it, without lines that do not matter.
std::string status(char state, const std::string& own, const std::string& shared) {
  return std::string("Name:\tsodapopd\nUmask:\t0077\nState:\t") + state +
         " (some state)\nThreads:\t1\nSigPnd:\t" + own + "\nShdPnd:\t" + shared +
         "\nSigBlk:\t0000000000000100\n";
}

constexpr auto none = "0000000000000000";
constexpr auto killed = "0000000000000100";

} // namespace

TEST_CASE("a process is stuck that waits uninterruptibly and was killed") {
  CHECK(is_stuck(status('D', killed, none)));
  CHECK(is_stuck(status('D', none, killed)));
  CHECK(is_stuck(status('D', none, "0000000000002100"))); // with SIGALRM
  CHECK(is_stuck(status('D', none, "0000000000000f00")));
}

TEST_CASE("no other process is stuck") {
  CHECK_FALSE(is_stuck(status('D', none, none)));
  CHECK_FALSE(is_stuck(status('D', none, "0000000000002000")));
  CHECK_FALSE(is_stuck(status('D', none, "0000000000000e00")));
  CHECK_FALSE(is_stuck(status('D', none, "0000000000001000")));
  CHECK_FALSE(is_stuck(status('S', killed, killed)));
  CHECK_FALSE(is_stuck(status('T', none, none)));
  CHECK_FALSE(is_stuck(""));
  CHECK_FALSE(is_stuck("\nState:\tD\nSigPnd:\t1\n"));
}

TEST_CASE("sessions that run stay where they are, and are not looked at all the time") {
  StuckSessions stuck;
  SessionTable sessions{{getpid(), {}}, {1, {}}, {-1, {}}};
  const auto now = Clock::now();
  CHECK(stuck.take_from(sessions, 10, now) == 0);
  CHECK(stuck.take_from(sessions, 10, now + StuckSessions::pause / 2) == 0);
  CHECK(sessions.size() == 3);
  CHECK_FALSE(stuck.remove(getpid()).has_value());
}
