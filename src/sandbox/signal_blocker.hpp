// SPDX-License-Identifier: ISC
// What an administrator or a shutdown sends waits while something has to be done as a whole.
#pragma once

#include <signal.h>

namespace sandbox {

/// While one lives, only SIGKILL ends the process from outside.
class SignalBlocker {
 public:
  SignalBlocker() {
    sigset_t held;
    sigemptyset(&held);
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGQUIT})
      sigaddset(&held, number);
    sigprocmask(SIG_BLOCK, &held, &before_);
  }
  ~SignalBlocker() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  SignalBlocker(const SignalBlocker&) = delete;
  SignalBlocker& operator=(const SignalBlocker&) = delete;

 private:
  sigset_t before_;
};

} // namespace sandbox
