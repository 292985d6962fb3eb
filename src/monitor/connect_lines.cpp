// SPDX-License-Identifier: ISC
#include "monitor/connect_lines.hpp"

#include <chrono>
#include <system_error>

namespace monitor {

state::LineTurn turn_to_log(const std::string& runtime_directory) {
  using namespace std::chrono;
  try {
    const auto now = duration_cast<seconds>(steady_clock::now().time_since_epoch());
    return state::take_line_turn(runtime_directory, now.count());
  } catch (const std::system_error&) {
    return {};
  }
}

std::uint64_t suppressed_connections(const std::string& runtime_directory) {
  try {
    return state::take_suppressed(runtime_directory);
  } catch (const std::system_error&) {
    return 0;
  }
}

} // namespace monitor
