// SPDX-License-Identifier: ISC
#include "listener/signals.hpp"

#include "base/system_error.hpp"

#include <csignal>
#include <sys/signalfd.h>

namespace listener {

base::UniqueFd block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGCHLD, SIGHUP, SIGTERM, SIGINT})
    sigaddset(&signals, number);
  base::check(sigprocmask(SIG_BLOCK, &signals, nullptr), "sigprocmask");
  return base::UniqueFd(
      base::check(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd"));
}

} // namespace listener
