// SPDX-License-Identifier: ISC
// Lets the front end a monitor or keeper whose storage hangs. The front has no system call for
// signals, but it can write to a pipe.
#pragma once

#include "base/unique_fd.hpp"

#include <chrono>
#include <sys/types.h>

namespace ipc {

/// A pipe. An octet in it makes the kernel send SIGKILL to the process that has made the switch
/// (fcntl(2), F_SETSIG): the one signal that also ends a process which waits for a dead file server
/// or is stopped. A process in an uninterruptible call ends when the call returns.
class KillSwitch {
 public:
  using Clock = std::chrono::steady_clock;

  /// Kills no process.
  KillSwitch() = default;
  KillSwitch(KillSwitch&&) noexcept = default;
  KillSwitch& operator=(KillSwitch&&) = delete; // would close the ends in the wrong order
  ~KillSwitch() = default;

  /// A switch that kills the calling process, whose id is `self`, as long as that process keeps it.
  /// Throws std::system_error.
  static KillSwitch for_this_process(pid_t self);

  /// To be called in the child that is to have the switch, after fork(2).
  void keep_trigger() { watched_.reset(); }

  /// Waits until the process has ended or has destroyed its switch, and kills it at `deadline`.
  /// Only after keep_trigger(). Never throws.
  void await_end(Clock::time_point deadline) const noexcept;

 private:
  // Both stay open in the process that the switch kills: the kernel signals the end of the last
  // trigger, too. Thus the trigger is declared first, and closed last.
  base::UniqueFd trigger_;
  base::UniqueFd watched_;
};

} // namespace ipc
