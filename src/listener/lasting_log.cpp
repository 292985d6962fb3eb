// SPDX-License-Identifier: ISC
#include "listener/lasting_log.hpp"

#include <exception>
#include <utility>

namespace listener {

namespace {

base::Log open_impatient(const std::string& target) {
  auto log = base::Log::open(target, "sodapopd");
  log.set_patience(std::chrono::milliseconds(0));
  return log;
}

} // namespace

void LastingLog::open(const std::string& target, Clock::time_point now) {
  opened_ = now;
  auto log = open_impatient(target);
  log.set_lost_lines(log_.take_lost_lines());
  log_ = std::move(log);
  is_failure_told_ = false;
}

void LastingLog::reopen(const std::string& target, Clock::time_point now) {
  try {
    open(target, now);
  } catch (const std::exception& error) {
    if (std::exchange(is_failure_told_, true))
      return;
    const auto event =
        base::Event("log-failed", base::Level::error).with_quoted("problem", error.what());
    log_.write(event);
    open_impatient("syslog").write(event);
  }
}

void LastingLog::refresh(const std::string& target, Clock::time_point now) {
  if (now - opened_ >= age)
    reopen(target, now);
}

base::Log LastingLog::take() {
  log_.set_patience(base::Log::session_patience);
  return std::move(log_);
}

} // namespace listener
