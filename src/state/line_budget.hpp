// SPDX-License-Identifier: ISC
// Limits the log lines that clients without a login can cause at any rate: counts them in a file
// that all sessions of a host share, under every super-server. Runs in the monitor.
#pragma once

#include <cstdint>
#include <string>

namespace state {

/// Connections whose begin and end, or whose refusal, are logged in one second: more than a busy
/// site has, and few enough to be kept on a disk.
inline constexpr std::uint32_t logged_a_second = 50;
/// Seconds after which the number of connections that were not logged is told, if one more comes:
/// short enough to watch an attack.
inline constexpr std::int64_t longest_untold = 60;

struct LineTurn {
  bool is_logged = true;
  std::uint64_t suppressed = 0; ///< Connections that were not logged since the last one that was.
};

/// The turn of one more connection. The count is in `connect-lines` in the runtime directory, which
/// is created with mode 0600. `second`: of a clock that all processes of the host have. Throws
/// std::system_error, also when the file is not private.
LineTurn take_line_turn(const std::string& runtime_directory, std::int64_t second);

/// Counts one more connection that is not logged, whatever the turn. Gives the number of those that
/// were not told, which are then counted as told, if the first of them is `longest_untold` ago;
/// else zero. `second` and exceptions as with take_line_turn().
std::uint64_t suppress_connection(const std::string& runtime_directory, std::int64_t second);

/// The connections that were not logged since the last one that was, which are then counted as
/// told. Throws as take_line_turn().
std::uint64_t take_suppressed(const std::string& runtime_directory);

} // namespace state
