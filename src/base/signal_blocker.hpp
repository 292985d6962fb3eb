// SPDX-License-Identifier: ISC
// Blocks the signals of an administrator or a shutdown during work that must not be interrupted,
// and unblocks those that another process has left blocked.
#pragma once

#include "base/system_error.hpp"

#include <signal.h>

namespace base {

/// Unblocks every signal, whatever the process before has left. Throws std::system_error.
inline void unblock_signals() {
  sigset_t none;
  sigemptyset(&none);
  check(sigprocmask(SIG_SETMASK, &none, nullptr), "sigprocmask");
}

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

} // namespace base
