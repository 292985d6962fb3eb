// SPDX-License-Identifier: ISC
#include "ipc/kill_switch.hpp"

#include "base/deadline.hpp"
#include "base/system_error.hpp"

#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace ipc {

KillSwitch KillSwitch::for_this_process(pid_t self) {
  int ends[2];
  base::check(pipe2(ends, O_CLOEXEC), "pipe2");
  KillSwitch made;
  made.watched_.reset(ends[0]);
  made.trigger_.reset(ends[1]);
  base::check(fcntl(ends[0], F_SETOWN, self), "F_SETOWN");
  base::check(fcntl(ends[0], F_SETSIG, SIGKILL), "F_SETSIG");
  base::check(fcntl(ends[0], F_SETFL, O_ASYNC), "F_SETFL");
  return made;
}

void KillSwitch::await_end(Clock::time_point deadline) const noexcept {
  if (!trigger_)
    return;
  pollfd wanted{trigger_.get(), 0, 0}; // POLLERR comes unasked when nothing can read the pipe
  int ready = 0;
  do
    ready = poll(&wanted, 1, base::milliseconds_until(deadline));
  while (ready == 0 ? Clock::now() < deadline : ready < 0 && errno == EINTR);
  if (ready == 0) [[maybe_unused]]
    const auto written = write(trigger_.get(), "", 1);
}

} // namespace ipc
