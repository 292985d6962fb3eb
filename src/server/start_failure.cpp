// SPDX-License-Identifier: ISC
#include "server/start_failure.hpp"

#include "base/log.hpp"

#include <exception>
#include <unistd.h>

namespace server {

void tell_client(std::string_view line) {
  [[maybe_unused]] const auto written = write(1, line.data(), line.size());
}

void log_failure(const std::string& log, std::string_view event, std::string_view problem) {
  try {
    base::Log::open(log, "sodapopd")
        .write(base::Event(event, base::Level::error).with_quoted("problem", problem));
  } catch (const std::exception&) {
    // The log itself is the problem.
  }
}

} // namespace server
