// SPDX-License-Identifier: ISC
#include "listener/lasting_log.hpp"

#include <exception>
#include <utility>

namespace listener {

void LastingLog::open(const std::string& target, Clock::time_point now) {
  opened_ = now;
  log_ = base::Log::open(target, "sodapopd");
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
    base::Log::open("syslog", "sodapopd").write(event);
  }
}

void LastingLog::refresh(const std::string& target, Clock::time_point now) {
  if (now - opened_ >= age)
    reopen(target, now);
}

} // namespace listener
