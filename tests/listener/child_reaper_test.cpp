// SPDX-License-Identifier: ISC
#include "listener/child_reaper.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using listener::ChildReaper;
using namespace std::chrono_literals;

namespace {

const auto now = ChildReaper::Clock::time_point() + 1h;

/// A child that has ended with that status, but has not been waited for.
pid_t ended_child(int status) {
  const pid_t child = fork();
  if (child == 0)
    _exit(status);
  siginfo_t info;
  REQUIRE(waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) == 0);
  return child;
}

} // namespace

TEST_CASE("the child of a signal is taken at once, the others a tenth of a second later") {
  std::vector<pid_t> taken;
  ChildReaper reaper([&](pid_t process, int status) {
    CHECK(WEXITSTATUS(status) == 7);
    taken.push_back(process);
  });
  reaper.take_others();
  CHECK(reaper.due() == ChildReaper::Clock::time_point::max());
  const auto first = ended_child(7), second = ended_child(7);
  reaper.take_others(); // no signal has come
  CHECK(taken.empty());
  reaper.take(second, now);
  CHECK(taken == std::vector{second});
  CHECK(reaper.due() == now + 100ms);
  reaper.take(second, now + 50ms); // is no child any more
  CHECK(reaper.due() == now + 100ms);
  reaper.take_others();
  CHECK(taken == std::vector{second, first});
  CHECK(reaper.due() == ChildReaper::Clock::time_point::max());
}
