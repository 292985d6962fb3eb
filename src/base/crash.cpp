// SPDX-License-Identifier: ISC
#include "base/crash.hpp"

#include <algorithm>
#include <csignal>
#include <iterator>
#include <sys/wait.h>

namespace base {

bool is_crash(int status) {
  constexpr int faults[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP};
  if (WIFSIGNALED(status))
    return std::ranges::find(faults, WTERMSIG(status)) != std::end(faults);
  return WIFEXITED(status) && WEXITSTATUS(status) == child_crashed;
}

} // namespace base
