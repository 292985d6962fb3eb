// SPDX-License-Identifier: ISC
#include "listener/shutdown.hpp"

#include "support/child.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <ostream>
#include <unistd.h>

using listener::SessionTable;
using listener::Shutdown;
using namespace std::chrono_literals;

namespace {

const auto start = Shutdown::Clock::now();

/// A process that waits. `on_terminate` is its disposition of SIGTERM from the start.
class Waiting {
 public:
  explicit Waiting(sighandler_t on_terminate) : before_(signal(SIGTERM, on_terminate)) {
    sessions.push_back({child.pid(), {}});
    signal(SIGTERM, before_);
  }

 private:
  sighandler_t before_; // the disposition of doctest

 public:
  support::Child child{[] { return pause(); }};
  SessionTable sessions;
};

} // namespace

TEST_CASE("nothing happens before a shutdown begins") {
  Shutdown shutdown;
  shutdown.advance(SessionTable(), start + 24h);
  CHECK_FALSE(shutdown.has_begun());
  CHECK_FALSE(shutdown.is_over());
  CHECK(shutdown.due() == Shutdown::Clock::time_point::max());
}

TEST_CASE("without sessions a shutdown is over at once") {
  Shutdown shutdown;
  shutdown.begin(start, 30s);
  shutdown.advance(SessionTable(), start);
  CHECK(shutdown.is_over());
  CHECK(shutdown.terminated() == 0);
}

TEST_CASE("sessions are left alone until the limit, then terminated, then killed") {
  Waiting stubborn(SIG_IGN);
  Shutdown shutdown;
  shutdown.begin(start, 30s);
  shutdown.advance(stubborn.sessions, start + 30s - 1ns);
  CHECK(shutdown.due() == start + 30s);
  CHECK(shutdown.terminated() == 0);
  shutdown.advance(stubborn.sessions, start + 30s);
  CHECK(shutdown.terminated() == 1);
  CHECK(shutdown.due() == start + 30s + Shutdown::kill_grace);
  shutdown.advance(stubborn.sessions, shutdown.due() - 1ns);
  CHECK(kill(stubborn.child.pid(), 0) == 0);
  shutdown.advance(stubborn.sessions, shutdown.due());
  CHECK(WTERMSIG(stubborn.child.wait()) == SIGKILL);
  CHECK_FALSE(shutdown.is_over());
}

TEST_CASE("a process that not even SIGKILL ends does not hold up the end for ever") {
  Waiting stubborn(SIG_IGN); // never reaped, so that it stays in the table
  Shutdown shutdown;
  shutdown.begin(start, 0s);
  for (int step = 0; step < 3; ++step) {
    CHECK_FALSE(shutdown.is_over());
    shutdown.advance(stubborn.sessions, start + step * Shutdown::kill_grace);
  }
  CHECK(shutdown.is_over());
}

TEST_CASE("a second request ends the patience of the first") {
  Waiting waiting(SIG_DFL);
  Shutdown shutdown;
  shutdown.begin(start, 30s);
  shutdown.begin(start + 1s, 30s);
  CHECK(shutdown.due() == start + 1s);
  shutdown.advance(waiting.sessions, start + 1s);
  CHECK(WTERMSIG(waiting.child.wait()) == SIGTERM);
}
