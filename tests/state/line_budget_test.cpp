// SPDX-License-Identifier: ISC
#include "state/line_budget.hpp"

#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

using state::logged_a_second;
using state::take_line_turn;
using state::take_suppressed;

TEST_CASE("of the connections of a second the first ones are logged, and the others counted") {
  const Scratch scratch;
  const auto directory = scratch.path();
  for (std::uint32_t i = 0; i < logged_a_second; ++i) {
    const auto turn = take_line_turn(directory, 7);
    CHECK(turn.is_logged);
    CHECK(turn.suppressed == 0);
  }
  for (int i = 0; i < 3; ++i)
    CHECK_FALSE(take_line_turn(directory, 7).is_logged);
  const auto next = take_line_turn(directory, 8);
  CHECK(next.is_logged);
  CHECK(next.suppressed == 3);
  CHECK(take_line_turn(directory, 8).suppressed == 0);
}

TEST_CASE("what was not logged is told once, also by a process that logs no connection") {
  const Scratch scratch;
  const auto directory = scratch.path();
  CHECK(take_suppressed(directory) == 0);
  for (std::uint32_t i = 0; i < logged_a_second + 2; ++i)
    take_line_turn(directory, 7);
  CHECK(take_suppressed(directory) == 2);
  CHECK(take_suppressed(directory) == 0);
  CHECK_FALSE(take_line_turn(directory, 7).is_logged); // the second is not over
  CHECK(take_line_turn(directory, 6).is_logged);       // another boot
}

TEST_CASE("connections that are not logged in any case are told by the first one a minute later") {
  const Scratch scratch;
  const auto directory = scratch.path();
  using state::suppress_connection;
  CHECK(suppress_connection(directory, 7) == 0);
  CHECK(suppress_connection(directory, 7 + state::longest_untold - 1) == 0);
  CHECK(suppress_connection(directory, 7 + state::longest_untold) == 3);
  CHECK(suppress_connection(directory, 200) == 0);
  CHECK(take_line_turn(directory, 201).suppressed == 1);
  CHECK(suppress_connection(directory, 202) == 0); // the minute begins with the first one
  CHECK(suppress_connection(directory, 5) == 2);   // another boot
  CHECK(take_suppressed(directory) == 0);
}

TEST_CASE("the count is private, a damaged one is zero, and without one nothing is limited") {
  const Scratch scratch;
  const auto path = scratch.path("connect-lines");
  take_line_turn(scratch.path(), 7);
  struct stat facts {};
  REQUIRE(stat(path.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777) == 0600);
  REQUIRE(truncate(path.c_str(), 5) == 0);
  CHECK(take_line_turn(scratch.path(), 7).is_logged);
  chmod(path.c_str(), 0644);
  CHECK_THROWS_AS(take_line_turn(scratch.path(), 7), std::system_error);
  CHECK_THROWS_AS(take_line_turn(scratch.path("missing"), 7), std::system_error);
}
