// SPDX-License-Identifier: ISC
#include "monitor/connect_lines.hpp"

#include "support/scratch.hpp"

#include <doctest/doctest.h>

TEST_CASE("connections above the limit of a second are not logged, and their number is told once") {
  const Scratch scratch;
  std::uint64_t logged = 0, told = 0;
  for (std::uint32_t i = 0; i < 5 * state::logged_a_second; ++i) {
    const auto turn = monitor::turn_to_log(scratch.path());
    logged += turn.is_logged ? 1 : 0;
    told += turn.suppressed;
  }
  CHECK(logged >= state::logged_a_second);
  CHECK(logged + told + monitor::suppressed_connections(scratch.path()) ==
        5 * state::logged_a_second);
  CHECK(monitor::suppressed_connections(scratch.path()) == 0);
}

TEST_CASE("where connections cannot be counted, all are logged") {
  const Scratch scratch;
  for (std::uint32_t i = 0; i < 2 * state::logged_a_second; ++i)
    CHECK(monitor::turn_to_log(scratch.path("missing")).is_logged);
  CHECK(monitor::suppressed_connections(scratch.path("missing")) == 0);
}
