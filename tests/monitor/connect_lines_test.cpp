// SPDX-License-Identifier: ISC
#include "monitor/connect_lines.hpp"

#include "state/line_budget.hpp"
#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <regex>
#include <string>

using base::Event;

namespace {

/// A log in a file, which tells how many connections it has lines of, and how many it counts.
struct Counted {
  Scratch scratch;
  base::Log log = base::Log::open(scratch.path("log"), "t");

  std::uint64_t lines(const std::string& event) const {
    const auto text = scratch.read("log");
    std::uint64_t found = 0;
    for (auto at = text.find(event); at != std::string::npos; at = text.find(event, at + 1))
      ++found;
    return found;
  }
  std::uint64_t told() const {
    const auto text = scratch.read("log");
    const std::regex number(" suppressed=([0-9]+)");
    std::uint64_t sum = 0;
    for (std::sregex_iterator at(text.begin(), text.end(), number), end; at != end; ++at)
      sum += std::stoull((*at)[1]);
    return sum;
  }
};

} // namespace

TEST_CASE("connections above the limit of a second are not logged, and their number is told once") {
  const Counted counted;
  std::uint64_t logged = 0;
  for (std::uint32_t i = 0; i < 5 * state::logged_a_second; ++i)
    logged +=
        monitor::log_connection(counted.log, Event("connect"), counted.scratch.path()) ? 1 : 0;
  CHECK(logged >= state::logged_a_second);
  CHECK(counted.lines("event=connect") == logged);
  CHECK(logged + counted.told() + monitor::suppressed_connections(counted.scratch.path()) ==
        5 * state::logged_a_second);
  CHECK(monitor::suppressed_connections(counted.scratch.path()) == 0);
}

TEST_CASE("where connections cannot be counted, all are logged but for silent ones") {
  const Counted counted;
  const auto missing = counted.scratch.path("missing");
  for (std::uint32_t i = 0; i < 2 * state::logged_a_second; ++i)
    CHECK(monitor::log_connection(counted.log, Event("connect"), missing));
  monitor::count_silent_connection(counted.log, missing);
  CHECK(counted.lines("event=") == 2 * state::logged_a_second);
  CHECK(monitor::suppressed_connections(missing) == 0);
}

TEST_CASE("silent connections are counted, and the next line of a connection tells their number") {
  const Counted counted;
  for (int i = 0; i < 3; ++i)
    monitor::count_silent_connection(counted.log, counted.scratch.path());
  CHECK(counted.lines("event=") == 0);
  CHECK(monitor::log_connection(counted.log, Event("connect"), counted.scratch.path()));
  CHECK(counted.lines("event=connect suppressed=3\n") == 1);
}
