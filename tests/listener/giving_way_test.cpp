// SPDX-License-Identifier: ISC
#include "listener/giving_way.hpp"

#include "base/time_of_day.hpp"
#include "state/network_refusal.hpp"
#include "state/usual_networks.hpp"
#include "support/child.hpp"
#include "support/scratch_dir.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <initializer_list>
#include <string>
#include <unistd.h>
#include <utility>

using listener::SessionTable;
using state::Progress;

namespace {

constexpr pid_t no_process = (1 << 22) + 1; // above the largest process number of Linux

/// Sessions with the numbers 1, 2, 3 and so on, in the order in which they have begun.
struct Sessions {
  support::ScratchDir directory;
  std::string state_directory = directory.path();
  state::PenaltyTable penalties = std::move(*state::PenaltyTable::open(directory.path()));
  state::ProgressTable progress;
  SessionTable table;
  config::Settings settings;

  Sessions(std::initializer_list<Progress> all, std::uint32_t most, std::uint32_t most_waiting) {
    settings.max_connections = most;
    settings.max_connections_before_login = most_waiting;
    for (const auto one : all) {
      table.push_back(
          {.process = no_process, .place = static_cast<std::uint32_t>(progress.take())});
      set(table.size(), one);
    }
  }
  listener::Session& operator[](std::size_t number) { return table[number - 1]; }
  /// As the session's monitor does it.
  void set(std::size_t number, Progress one) {
    state::ProgressTable monitors{base::UniqueFd(dup(progress.fd()))};
    monitors.hand_over((*this)[number].place).set(one);
  }
  std::string_view lack() const {
    const auto* refusal = listener::lack_of_places(table, progress, settings);
    return refusal == nullptr ? "" : refusal->reason;
  }
  /// The number of the session that gives way; 0 when none does.
  std::size_t first_to_go(const listener::Session& newcomer) {
    const auto session =
        listener::make_way(table, progress, {state_directory, &penalties}, newcomer);
    return session ? session->place + 1 : 0;
  }
  std::size_t first_to_go(bool for_preferred = false) {
    return first_to_go({.process = 0, .is_preferred = for_preferred});
  }
};

constexpr auto waiting = Progress::waiting, checking = Progress::checking,
               logged_in = Progress::logged_in;

} // namespace

TEST_CASE("there is place for the last connection, and none beyond it") {
  CHECK(Sessions({}, 3, 3).lack().empty());
  CHECK(Sessions({logged_in, checking}, 3, 3).lack().empty());
  CHECK(Sessions({logged_in, checking, logged_in}, 3, 3).lack() == "max-connections");
}

TEST_CASE("those for which the server waits have places of their own") {
  CHECK(Sessions({waiting, logged_in, checking}, 9, 2).lack().empty());
  Sessions full({waiting, logged_in, checking, waiting}, 9, 2);
  CHECK(full.lack() == "max-connections-before-login");
  SUBCASE("a login that is checked does not count") {
    full.set(1, checking);
    CHECK(full.lack().empty());
    full.set(1, waiting);
    CHECK(full.lack() == "max-connections-before-login");
  }
  SUBCASE("a session that is ending does not count") {
    full[1].is_ending = true;
    CHECK(full.lack().empty());
  }
}

TEST_CASE("a session that is ending takes no place of the others") {
  Sessions full({logged_in, logged_in, logged_in}, 3, 3);
  full[2].is_ending = true;
  CHECK(full.lack().empty());
}

TEST_CASE("the oldest connection for which the server waits gives way") {
  Sessions sessions({logged_in, checking, waiting, waiting}, 4, 4);
  CHECK(sessions.first_to_go() == 3);
  CHECK(sessions[3].is_ending);
  CHECK(sessions.first_to_go() == 4);
  CHECK(sessions.first_to_go() == 0);
}

TEST_CASE("preferred connections give way after the others") {
  Sessions sessions({waiting, waiting, waiting}, 3, 3);
  sessions[1].is_preferred = true;
  sessions[3].is_preferred = true;
  CHECK(sessions.first_to_go() == 2);
  CHECK(sessions.first_to_go() == 1);
  CHECK(sessions.first_to_go() == 3);
}

TEST_CASE("a network from which a user has logged in lately is preferred") {
  const auto usual = base::Address::parse("192.0.2.7"), other = base::Address::parse("192.0.2.8");
  Sessions sessions({waiting, waiting, checking}, 3, 3);
  sessions[1].source = usual;
  for (const std::size_t i : {2, 3})
    sessions[i].source = other;
  state::UsualNetworks::open(sessions.directory.path())
      ->note("alice", *usual, base::seconds_since_1970());
  CHECK(sessions.first_to_go() == 2);
  CHECK(sessions[1].is_preferred);
  CHECK_FALSE(sessions[2].is_preferred);
  CHECK(sessions.first_to_go() == 1);
  CHECK(sessions.first_to_go() == 0);
  CHECK(sessions.first_to_go({.process = 0, .source = other}) == 0);
  CHECK(sessions.first_to_go({.process = 0, .source = usual}) == 3);
}

TEST_CASE("those whose network had to give way do so again before the others") {
  const auto again = base::Address::parse("192.0.2.7"), fresh = base::Address::parse("192.0.2.8");
  Sessions sessions({waiting, waiting, waiting, waiting}, 4, 4);
  for (const std::size_t i : {1, 3})
    sessions[i].source = fresh;
  for (const std::size_t i : {2, 4})
    sessions[i].source = again;
  state::count_giving_way(sessions.penalties, *again, state::penalty_time());
  SUBCASE("to a network that had not") {
    CHECK(sessions.first_to_go({.process = 0, .source = fresh}) == 2);
    CHECK(sessions.first_to_go({.process = 0, .source = fresh}) == 4);
    CHECK(sessions.first_to_go({.process = 0, .source = fresh}) == 1);
  }
  SUBCASE("and to a network that had, they alone") {
    CHECK(sessions.first_to_go({.process = 0, .source = again}) == 2);
    CHECK(sessions.first_to_go({.process = 0, .source = again}) == 4);
    CHECK(sessions.first_to_go({.process = 0, .source = again}) == 0);
  }
  SUBCASE("not where a user has logged in from there lately") {
    state::UsualNetworks::open(sessions.directory.path())
        ->note("alice", *again, base::seconds_since_1970());
    CHECK(sessions.first_to_go() == 1);
  }
}

TEST_CASE("to have given way counts for the network, unless the session is preferred") {
  const auto first = base::Address::parse("192.0.2.7"), second = base::Address::parse("192.0.2.8");
  Sessions sessions({waiting, waiting, waiting}, 3, 3);
  sessions[1].source = first;
  sessions[2].source = second;
  sessions[2].is_preferred = true;
  const auto has_given_way = [&](const auto& source) {
    return state::has_given_way(sessions.penalties, *source, state::penalty_time());
  };
  CHECK_FALSE(has_given_way(first));
  for (int i = 0; i < 3; ++i)
    CHECK(sessions.first_to_go() != 0);
  CHECK(has_given_way(first));
  CHECK_FALSE(has_given_way(second));
}

TEST_CASE("where usual networks cannot be looked up none is preferred") {
  Sessions sessions({waiting, waiting}, 3, 3);
  sessions[1].source = base::Address::parse("192.0.2.7");
  sessions.state_directory = "/nonexistent";
  CHECK(sessions.first_to_go() == 1);
}

TEST_CASE("a login that is checked gives way to preferred clients alone, unless it is preferred") {
  Sessions sessions({logged_in, checking, checking}, 3, 3);
  sessions[2].is_preferred = true;
  CHECK(sessions.first_to_go() == 0);
  CHECK(sessions.first_to_go(true) == 3);
  CHECK(sessions.first_to_go(true) == 0);
}

TEST_CASE("a session that has logged in never gives way") {
  CHECK(Sessions({logged_in, logged_in}, 2, 2).first_to_go(true) == 0);
  CHECK(Sessions({}, 1, 1).first_to_go(true) == 0);
}

TEST_CASE("while too many are ending no other gives way") {
  Sessions sessions({}, 999, 999);
  for (std::size_t i = 0; i < listener::most_ending + 1; ++i)
    sessions.table.push_back(
        {.process = no_process, .place = static_cast<std::uint32_t>(sessions.progress.take())});
  for (std::size_t i = 1; i <= listener::most_ending; ++i)
    CHECK(sessions.first_to_go() == i);
  CHECK(sessions.first_to_go() == 0);
  sessions.table.erase(sessions.table.begin());
  CHECK(sessions.first_to_go() == listener::most_ending + 1);
}

TEST_CASE("the process that gives way gets SIGTERM") {
  const auto usual = signal(SIGTERM, SIG_DFL); // doctest has a handler
  support::Child child([] { return pause(); });
  signal(SIGTERM, usual);
  Sessions sessions({waiting}, 1, 1);
  sessions[1].process = child.pid();
  CHECK(sessions.first_to_go() == 1);
  const int status = child.wait();
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGTERM);
}
