// SPDX-License-Identifier: ISC
#include "listener/child_reaper.hpp"

#include <algorithm>
#include <sys/wait.h>
#include <utility>

namespace listener {

namespace {

constexpr pid_t any_child = -1; // waitpid(2)

} // namespace

void ChildReaper::take(pid_t child, Clock::time_point now) {
  wait_for(child);
  others_due_ = std::min(others_due_, now + longest_unnoticed);
}

void ChildReaper::take_others() {
  if (std::exchange(others_due_, Clock::time_point::max()) != Clock::time_point::max())
    wait_for(any_child);
}

void ChildReaper::wait_for(pid_t which) {
  int status = 0;
  for (pid_t child = 0; (child = waitpid(which, &status, WNOHANG)) > 0;)
    ended_(child, status);
}

} // namespace listener
