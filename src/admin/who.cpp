// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/printable.hpp"
#include "admin/sessions.hpp"
#include "base/time_of_day.hpp"
#include "base/utc.hpp"

#include <algorithm>
#include <array>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>

namespace admin {

namespace {

using state::SessionRecord;

std::int64_t idle_seconds(const SessionRecord& record, std::int64_t now) {
  return std::max<std::int64_t>(now - record.idle_since, 0);
}

/// Such as 42s, 3m, 5h, 2d.
std::string short_time(std::int64_t seconds) {
  constexpr std::pair<int, char> units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}};
  for (const auto& [length, letter] : units)
    if (seconds >= length)
      return std::to_string(seconds / length) + letter;
  return std::to_string(seconds) + "s";
}

void print_row(const std::array<std::string, 6>& row) {
  const auto& [user, from, since, idle, retrieved, session] = row;
  std::cout << std::left << std::setw(24) << printable(user) << ' ' << std::setw(15) << from << ' '
            << std::setw(20) << since << ' ' << std::right << std::setw(5) << idle << ' '
            << std::setw(9) << retrieved << ' ' << printable(session) << '\n';
}

void print_sessions(const std::vector<OpenSession>& sessions, std::int64_t now) {
  if (!sessions.empty())
    print_row({"USER", "FROM", "SINCE", "IDLE", "RETRIEVED", "SESSION"});
  for (const auto& [record, device, inode] : sessions)
    print_row({record.user, record.from, base::utc(record.since),
               short_time(idle_seconds(record, now)), std::to_string(record.retrieved),
               record.session});
}

void print_sessions_as_json(const std::vector<OpenSession>& sessions, std::int64_t now) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& [record, device, inode] : sessions)
    list.push_back({{"user", record.user},
                    {"from", record.from},
                    {"since", base::utc(record.since)},
                    {"idle", idle_seconds(record, now)},
                    {"retrieved", record.retrieved},
                    {"session", record.session},
                    {"pid", record.pid}});
  std::cout << list.dump(2, ' ', true) << '\n';
}

int list_sessions(const config::Settings& settings, const Values& given) {
  const auto sessions = open_sessions(settings, [](const std::string& path) {
    std::cerr << "sodapop: " << path << ": not the record of a session\n";
  });
  const std::int64_t now = base::seconds_since_1970();
  (given.flag("--json") ? print_sessions_as_json : print_sessions)(sessions, now);
  return 0;
}

} // namespace

Commands who() {
  return {{"who", "List the sessions that are open",
           "Idle is the time since the client last asked for something in the maildrop.",
           Options{{"--json", "Print an array of objects"}}, list_sessions}};
}

} // namespace admin
