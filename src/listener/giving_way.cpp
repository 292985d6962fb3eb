// SPDX-License-Identifier: ISC
#include "listener/giving_way.hpp"

#include "pop3/refusal.hpp"

#include <algorithm>
#include <csignal>

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
                                bool for_preferred) {
  const auto rank = [&](const Session& session) { return rank_of(session, progress); };
  const auto first = std::ranges::min_element(sessions, {}, rank);
  if (first == sessions.end() || rank(*first) > (for_preferred ? checking : preferred_waiting) ||
      ending_in(sessions) >= most_ending)
    return {};
  first->is_ending = true;
  kill(first->process, SIGTERM);
  return *first;
}

} // namespace listener
