// SPDX-License-Identifier: ISC
#include "listener/idle_exit.hpp"

namespace listener {

IdleExit::Clock::time_point IdleExit::due(bool has_sessions,
                                          const config::Settings& settings) const {
  const std::chrono::seconds limit(settings.idle_exit);
  const bool is_due = has_launcher_ && limit.count() > 0 && !has_sessions;
  return is_due ? since_ + limit : Clock::time_point::max();
}

void IdleExit::warn(const config::Settings& settings, const base::Log& log) const {
  if (settings.idle_exit > 0 && !has_launcher_)
    log.write(
        base::Event("configuration", base::Level::warning)
            .with_quoted("problem", "idle-exit is ignored, as no launcher holds the sockets"));
}

} // namespace listener
