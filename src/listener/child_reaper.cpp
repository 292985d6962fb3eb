// SPDX-License-Identifier: ISC
#include "listener/child_reaper.hpp"

#include <algorithm>
#include <sys/wait.h>

namespace listener {

namespace {

constexpr pid_t any_child = -1; // waitpid(2)

} // namespace

void ChildReaper::take(pid_t child, Clock::time_point now) {
  others_due_ = std::min(others_due_, now + longest_unnoticed); // also if this throws
  wait_for(child);
}

void ChildReaper::take_others() {
  if (others_due_ == Clock::time_point::max())
    return;
  wait_for(any_child);
  others_due_ = Clock::time_point::max();
}

void ChildReaper::wait_for(pid_t which) {
  int status = 0;
  for (pid_t child = 0; (child = waitpid(which, &status, WNOHANG)) > 0;)
    ended_(child, status);
}

} // namespace listener
