// SPDX-License-Identifier: ISC
// Tells of a failure that keeps the server, or one session, from starting.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

namespace server {

/// A failure of the program's start.
struct StartFailure {
  int status = 0; ///< EX_CONFIG, or EX_OSERR for a failure of the system.
  std::string problem;

  /// The name for the log: `configuration` or `system`.
  std::string_view event() const;
  /// The line that a client gets in place of the greeting.
  std::string_view reply() const;
};

/// A std::system_error is a failure of the system, any other exception a mistake in the
/// configuration or on the command line.
StartFailure failure_of(const std::exception& error);

/// The places where a failure is told.
struct FailureTarget {
  /// As the setting; the default until the settings are known. Empty for no log.
  std::string log = "syslog";
  bool has_client = true; ///< A client is on descriptor 1.
};

/// Sends `line` to the client on descriptor 1, as far as it can be sent without waiting.
void tell_client(std::string_view line);

/// Tells the client, if there is one; the log, as log_failure() does; and standard error, unless
/// that is the client's connection or the log itself. A log that is a terminal gets the sentence in
/// place of the event. Waits for the log as a session does, and for nothing else.
void tell_failure(const StartFailure& failure, const FailureTarget& target) noexcept;

/// Opens the log for this failure, and writes it, with the number of clients that were `refused`
/// for it unless there were none. Where the log cannot be opened, syslog gets both problems.
void log_failure(const std::string& log, const StartFailure& failure,
                 std::uint64_t refused = 0) noexcept;

} // namespace server
