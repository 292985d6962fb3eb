// SPDX-License-Identifier: ISC
#include "listener/signals.hpp"

#include "support/child.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <sys/signalfd.h>
#include <unistd.h>

TEST_CASE("the listener's signals are read one after the other, and end no process") {
  support::Child child([] {
    const auto signals = listener::block_signals();
    signalfd_siginfo info;
    if (read(signals.get(), &info, sizeof info) != -1)
      return 1; // none has come
    for (const int number : {SIGCHLD, SIGHUP, SIGTERM, SIGINT}) {
      kill(getpid(), number);
      if (read(signals.get(), &info, sizeof info) != sizeof info ||
          info.ssi_signo != static_cast<unsigned>(number))
        return 2;
    }
    return 0;
  });
  CHECK(child.exit_status() == 0);
}
