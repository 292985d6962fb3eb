// SPDX-License-Identifier: ISC
#include "listener/giving_way.hpp"

#include "base/time_of_day.hpp"
#include "pop3/refusal.hpp"
#include "state/network_refusal.hpp"
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
enum Rank { waiting_again, waiting, preferred_waiting, checking, none };

Rank rank_of(const Session& session, const state::ProgressTable& progress) {
  const auto now = progress.at(session.place);
  if (session.is_ending)
    return none;
  if (now == Progress::waiting && !session.is_preferred)
    return session.has_given_way ? waiting_again : waiting;
  if (now == Progress::waiting)
    return preferred_waiting;
  return now == Progress::checking && !session.is_preferred ? checking : none;
}

/// The last rank that gives way to `newcomer`.
Rank last_rank_for(const Session& newcomer) {
  if (newcomer.is_preferred)
    return checking;
  return newcomer.has_given_way ? waiting_again : preferred_waiting;
}

/// It is only about the order, so that a failure of the system changes nothing.
void look_up(std::span<Session> sessions, const NetworkMemory& memory) {
  try {
    const auto usual = state::UsualNetworks::open(memory.state_directory);
    for (auto& session : sessions) {
      if (std::exchange(session.is_looked_up, true) || !session.source)
        continue;
      session.is_preferred =
          session.is_preferred ||
          (usual && usual->has_usual(*session.source, base::seconds_since_1970()));
      session.has_given_way =
          memory.penalties != nullptr &&
          state::has_given_way(*memory.penalties, *session.source, state::penalty_time());
    }
  } catch (const std::system_error&) {
  }
}

void count(const Session& ended, state::PenaltyTable* penalties) {
  if (penalties != nullptr && ended.source && !ended.is_preferred)
    state::count_giving_way(*penalties, *ended.source, state::penalty_time());
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
                                const NetworkMemory& memory, Session newcomer) {
  look_up(sessions, memory);
  look_up(std::span(&newcomer, 1), memory);
  const auto rank = [&](const Session& session) { return rank_of(session, progress); };
  const auto first = std::ranges::min_element(sessions, {}, rank);
  if (first == sessions.end() || rank(*first) > last_rank_for(newcomer) ||
      ending_in(sessions) >= most_ending)
    return {};
  first->is_ending = true;
  kill(first->process, SIGTERM);
  count(*first, memory.penalties);
  return *first;
}

} // namespace listener
