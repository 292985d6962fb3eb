// SPDX-License-Identifier: ISC
#include "listener/giving_way.hpp"

#include "base/time_of_day.hpp"
#include "pop3/refusal.hpp"
#include "state/usual_networks.hpp"

#include <algorithm>
#include <csignal>
#include <span>
#include <system_error>
#include <utility>

namespace listener {

namespace {

using Kind = EventThrottle::Kind;
using state::Progress;

constexpr Refusal full{Kind::full, "max-connections", pop3::too_many_connections, true};
constexpr Refusal full_before_login{Kind::full_before_login, "max-connections-before-login",
                                    pop3::too_many_connections, true};

/// The lower, the sooner a session gives way.
enum Rank { waiting, preferred_waiting, checking, none };

Rank rank_of(const Session& session, const state::ProgressTable& progress) {
  const auto now = progress.at(session.place);
  if (session.is_ending)
    return none;
  if (now == Progress::waiting)
    return session.is_preferred ? preferred_waiting : waiting;
  return now == Progress::checking && !session.is_preferred ? checking : none;
}

/// It is only about the order, so that a failure of the system changes nothing.
void prefer_usual(std::span<Session> sessions, const std::string& state_directory) {
  try {
    const auto usual = state::UsualNetworks::open(state_directory);
    const auto now = base::seconds_since_1970();
    for (auto& session : sessions)
      if (usual && session.source && !std::exchange(session.is_looked_up, true))
        session.is_preferred = session.is_preferred || usual->has_usual(*session.source, now);
  } catch (const std::system_error&) {
  }
}

std::size_t ending_in(const SessionTable& sessions) {
  return static_cast<std::size_t>(std::ranges::count(sessions, true, &Session::is_ending));
}

std::size_t waiting_in(const SessionTable& sessions, const state::ProgressTable& progress) {
  return static_cast<std::size_t>(std::ranges::count_if(sessions, [&](const Session& session) {
    return rank_of(session, progress) <= preferred_waiting;
  }));
}

} // namespace

const Refusal* lack_of_places(const SessionTable& sessions, const state::ProgressTable& progress,
                              const config::Settings& settings) {
  const auto most = settings.max_connections;
  const auto most_waiting = settings.max_connections_before_login;
  if (sessions.size() >= most && sessions.size() - ending_in(sessions) >= most)
    return &full;
  if (sessions.size() >= most_waiting && waiting_in(sessions, progress) >= most_waiting)
    return &full_before_login;
  return nullptr;
}

std::optional<Session> make_way(SessionTable& sessions, const state::ProgressTable& progress,
                                const std::string& state_directory, Session newcomer) {
  prefer_usual(sessions, state_directory);
  prefer_usual(std::span(&newcomer, 1), state_directory);
  const auto rank = [&](const Session& session) { return rank_of(session, progress); };
  const auto first = std::ranges::min_element(sessions, {}, rank);
  if (first == sessions.end() ||
      rank(*first) > (newcomer.is_preferred ? checking : preferred_waiting) ||
      ending_in(sessions) >= most_ending)
    return {};
  first->is_ending = true;
  kill(first->process, SIGTERM);
  return *first;
}

} // namespace listener
