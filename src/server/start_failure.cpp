// SPDX-License-Identifier: ISC
#include "server/start_failure.hpp"

#include "base/log.hpp"
#include "pop3/refusal.hpp"
#include "server/startup.hpp"

#include <poll.h>
#include <sysexits.h>
#include <system_error>
#include <unistd.h>

namespace server {

namespace {

using base::Event;
using base::Level;

/// A full pipe must not keep the program from ending. O_NONBLOCK would also be set for the other
/// processes that have the pipe.
void write_without_waiting(int fd, std::string_view text) {
  pollfd target{fd, POLLOUT, 0};
  if (poll(&target, 1, 0) > 0) [[maybe_unused]]
    const auto written = write(fd, text.data(), text.size());
}

Event event_of(std::string_view name, std::string_view problem) {
  Event event(name, Level::error);
  event.with_quoted("problem", problem);
  return event;
}

/// The log `target`; where it cannot be opened syslog, which is told why, unless that is `problem`.
base::Log open_a_log(const std::string& target, std::string_view problem) {
  try {
    return base::Log::open(target, "sodapopd");
  } catch (const std::system_error& error) {
    auto log = base::Log::open("syslog", "sodapopd");
    if (error.what() != problem)
      log.write(event_of("log-failed", error.what()));
    return log;
  }
}

/// Tells standard error and the log, or one of them where both are the same.
void tell_administrator(const StartFailure& failure, const std::string& target) {
  const auto log = target.empty() ? base::Log() : open_a_log(target, failure.problem);
  const bool is_one = is_same_file(log.fd(), 2);
  const bool is_terminal = isatty(2) != 0;
  if (!is_one || is_terminal)
    write_without_waiting(2, "sodapopd: " + failure.problem + "\n");
  if (!is_one || !is_terminal)
    log.write(event_of(failure.event(), failure.problem));
}

} // namespace

std::string_view StartFailure::event() const {
  return status == EX_CONFIG ? "configuration" : "system";
}

std::string_view StartFailure::reply() const {
  return status == EX_CONFIG ? pop3::misconfigured : pop3::cannot_start;
}

StartFailure failure_of(const std::exception& error) {
  const bool is_of_system = dynamic_cast<const std::system_error*>(&error) != nullptr;
  return {is_of_system ? EX_OSERR : EX_CONFIG, error.what()};
}

void tell_client(std::string_view line) {
  write_without_waiting(1, line);
}

void tell_failure(const StartFailure& failure, const FailureTarget& target) noexcept {
  if (target.has_client)
    tell_client(failure.reply());
  try {
    if (target.has_client)
      take_standard_error_from_client(1);
    tell_administrator(failure, target.log);
  } catch (const std::exception&) {
    // There is no memory or no descriptor for a log; this needs neither.
    if (!target.has_client || !is_same_file(1, 2))
      write_without_waiting(2, failure.problem);
  }
}

void log_failure(const std::string& log, const StartFailure& failure,
                 std::uint64_t refused) noexcept {
  try {
    auto event = event_of(failure.event(), failure.problem);
    if (refused > 0)
      event.with("refused", refused);
    open_a_log(log, failure.problem).write(event);
  } catch (const std::exception&) {
    // There is no memory for it.
  }
}

} // namespace server
