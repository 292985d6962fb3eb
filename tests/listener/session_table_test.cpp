// SPDX-License-Identifier: ISC
#include "listener/session_table.hpp"

#include "support/child.hpp"
#include "support/peers.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <ostream>
#include <unistd.h>

using listener::SessionTable;
using support::source;

TEST_CASE("sessions are counted in all and for each network") {
  SessionTable table;
  CHECK(table.size() == 0);
  table.add(11, source("192.0.2.7"));
  table.add(12, source("192.0.2.7"));
  table.add(13, source("2001:db8::1"));
  table.add(14, source("127.0.0.1"));
  CHECK(table.size() == 4);
  CHECK(table.size_of_network(source("192.0.2.7"), {}) == 2);
  CHECK(table.size_of_network(source("192.0.2.8"), {}) == 0);
  CHECK(table.size_of_network(source("192.0.2.8"), {24, 64}) == 2);
  CHECK(table.size_of_network(source("2001:db8::2"), {}) == 1);
  CHECK(table.size_of_network(source("127.0.0.1"), {}) == 0);
}

TEST_CASE("a session that has ended does not count any more") {
  SessionTable table;
  for (const pid_t process : {11, 12, 13})
    table.add(process, source("192.0.2.7"));
  CHECK(table.remove(12));
  CHECK_FALSE(table.remove(12));
  CHECK_FALSE(table.remove(99));
  CHECK(table.size_of_network(source("192.0.2.7"), {}) == 2);
  CHECK(table.remove(13));
  CHECK(table.remove(11));
  CHECK(table.size() == 0);
}

TEST_CASE("signals reach the processes of the table") {
  const auto wait_for_signal = [] { return pause(); };
  support::Child one(wait_for_signal), other(wait_for_signal), outside(wait_for_signal);
  SessionTable table;
  table.add(one.pid(), {});
  table.add(other.pid(), {});
  table.signal_all(SIGUSR1);
  for (auto* child : {&one, &other}) {
    const int status = child->wait();
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGUSR1);
  }
  CHECK(kill(outside.pid(), 0) == 0);
}
