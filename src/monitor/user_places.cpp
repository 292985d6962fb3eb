// SPDX-License-Identifier: ISC
#include "monitor/user_places.hpp"

#include "base/time_of_day.hpp"
#include "state/slots.hpp"

#include <chrono>
#include <system_error>
#include <unistd.h>

namespace monitor {

namespace {

using base::Event;
using base::Level;
using Clock = std::chrono::steady_clock;
using Reason = pop3::Denial::Reason;

// For a client that sees the end of its session and reconnects before the keeper has ended.
constexpr std::chrono::milliseconds user_slot_timeout{500};

} // namespace

base::Result<base::UniqueFd, Reason> user_slot(const std::string& user,
                                               const MonitorContext& context) {
  const auto& settings = context.settings;
  if (settings.max_connections_per_user == 0)
    return base::UniqueFd();
  const auto refuse = [&](Reason reason, Event event) {
    context.log.write(event.with("user", user));
    return base::Refused{reason};
  };
  try {
    auto slot =
        state::take_user_slot(settings.runtime_directory + "/user-slots", user,
                              settings.max_connections_per_user, Clock::now() + user_slot_timeout);
    if (slot)
      return std::move(*slot);
    return refuse(Reason::too_many, {"unavailable", Level::warning, "max-connections-per-user"});
  } catch (const std::system_error& error) {
    return refuse(Reason::temporary,
                  {"unavailable", Level::error, "user-slots-failed", error.what()});
  }
}

state::RegisteredSession register_session(const std::string& user, const MonitorContext& context) {
  std::string problem = "all places are taken";
  try {
    const auto now = base::seconds_since_1970();
    auto registered = state::RegisteredSession::take(
        state::sessions_directory(context.settings.runtime_directory),
        {user, context.client.from(), now, now, getpid(), context.session, 0});
    if (registered)
      return std::move(*registered);
  } catch (const std::system_error& error) {
    problem = error.what();
  }
  context.log.write(Event("registry", Level::warning).with_quoted("problem", problem));
  return {};
}

} // namespace monitor
