// SPDX-License-Identifier: ISC
// A second process for a test.
#pragma once

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace support {

/// The exit status of a child that could not prepare what it was to test.
constexpr int not_prepared = 99;

/// Runs `act` in a forked process whose exit status it gives. Killed and reaped at the latest by
/// the destructor.
class Child {
 public:
  template <class Act> explicit Child(const Act& act) : pid_(fork()) {
    if (pid_ == 0) {
      int status = not_prepared;
      try {
        status = act();
      } catch (...) {
        // Told by the status; doctest is the parent's.
      }
      _exit(status);
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { end(); }

  /// kill -9, and waits until it is gone. Nothing when it has been waited for.
  void end() {
    if (pid_ <= 0)
      return;
    kill(pid_, SIGKILL);
    wait();
  }
  /// What waitpid(2) says once it has ended.
  int wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }
  /// The exit status; -1 when it was killed.
  int exit_status() {
    const int status = wait();
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

/// The exit status of `act` in a child that is no longer root, when we are: permissions do not
/// apply to root.
template <class Act> int run_unprivileged(const Act& act) {
  constexpr uid_t nobody = 65534;
  Child child([&] {
    if (getuid() == 0 &&
        (setresgid(nobody, nobody, nobody) != 0 || setresuid(nobody, nobody, nobody) != 0))
      return not_prepared;
    return act();
  });
  return child.exit_status();
}

inline void skipped(const char* reason) {
  std::printf("skipped: %s\n", reason);
}

} // namespace support
