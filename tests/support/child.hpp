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

/// The exit status of a child whose preparations failed.
constexpr int not_prepared = 99;

/// Runs `act` in a forked process, with its result as the exit status. The destructor kills and
/// reaps the process at the latest.
class Child {
 public:
  template <class Act> explicit Child(const Act& act) : pid_(fork()) {
    if (pid_ == 0) {
      int status = not_prepared;
      try {
        status = act();
      } catch (...) {
        // The status reports it; doctest belongs to the parent.
      }
      _exit(status);
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { end(); }

  /// Sends SIGKILL and waits for the end. Does nothing after wait().
  void end() {
    if (pid_ <= 0)
      return;
    kill(pid_, SIGKILL);
    wait();
  }
  /// Waits for the end and gives the status of waitpid(2).
  int wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }
  /// Waits for the end and gives the exit status; -1 when a signal killed the process.
  int exit_status() {
    const int status = wait();
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

/// The exit status of `act` in a child. If the test runs as root, the child becomes uid 65534
/// first: permissions do not apply to root.
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
