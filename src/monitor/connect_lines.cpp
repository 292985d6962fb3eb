// SPDX-License-Identifier: ISC
#include "monitor/connect_lines.hpp"

#include "state/line_budget.hpp"

#include <chrono>
#include <system_error>

namespace monitor {

namespace {

/// Of a clock that all processes of the host have.
std::int64_t this_second() {
  using namespace std::chrono;
  return duration_cast<seconds>(steady_clock::now().time_since_epoch()).count();
}

state::LineTurn turn_to_log(const std::string& runtime_directory) {
  try {
    return state::take_line_turn(runtime_directory, this_second());
  } catch (const std::system_error&) {
    return {};
  }
}

} // namespace

bool log_connection(const base::Log& log, base::Event event, const std::string& runtime_directory) {
  const auto turn = turn_to_log(runtime_directory);
  if (!turn.is_logged)
    return false;
  if (turn.suppressed > 0)
    event.with("suppressed", turn.suppressed);
  log.write(event);
  return true;
}

void count_silent_connection(const base::Log& log, const std::string& runtime_directory) {
  try {
    const auto untold = state::suppress_connection(runtime_directory, this_second());
    if (untold > 0)
      log.write(unlogged(untold));
  } catch (const std::system_error&) {
    // It is no reason to write two lines for nothing.
  }
}

std::uint64_t suppressed_connections(const std::string& runtime_directory) {
  try {
    return state::take_suppressed(runtime_directory);
  } catch (const std::system_error&) {
    return 0;
  }
}

base::Event unlogged(std::uint64_t connections) {
  return base::Event("unlogged").with("suppressed", connections);
}

} // namespace monitor
