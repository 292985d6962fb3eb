// SPDX-License-Identifier: ISC
// Blocks the signals of an administrator or a shutdown during work that must not be interrupted.
#pragma once

#include <signal.h>

namespace sandbox {

/// While an object of this class exists, only SIGKILL ends the process from outside.
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
