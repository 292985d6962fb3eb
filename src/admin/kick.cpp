// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/sessions.hpp"
#include "base/deadline.hpp"
#include "base/log.hpp"
#include "base/system_error.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <iostream>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace admin {

namespace {

using Clock = std::chrono::steady_clock;

/// Lets an UPDATE that has begun finish: one of ten thousand messages takes about a second.
constexpr std::chrono::seconds end_timeout{5};

struct Target {
  state::SessionRecord record;
  base::UniqueFd process;
};

bool matches(const state::SessionRecord& record, const Values& given) {
  const auto id = given.text("--session");
  return id.empty() ? record.user == given.text("USER") : record.session == id;
}

std::vector<Target> find_targets(const config::Settings& settings, const Values& given) {
  std::vector<Target> targets;
  for (auto& session : open_sessions(settings, [](const std::string&) {})) {
    if (!matches(session.record, given))
      continue;
    auto process = process_of(session);
    if (process)
      targets.push_back({std::move(session.record), std::move(process)});
    else
      std::cerr << "sodapop: session " << session.record.session << ": process "
                << session.record.pid << " is not the one that keeps it, and is left alone\n";
  }
  return targets;
}

void log_kick(const base::Log& log, const state::SessionRecord& record) {
  log.write(base::Event("kicked", base::Level::warning)
                .with("by-uid", std::uint64_t{::getuid()})
                .with("user", record.user)
                .with("session", record.session)
                .with("from", record.from));
}

/// True if the process ends before `deadline`.
bool await(int process, Clock::time_point deadline) {
  pollfd ended{process, POLLIN, 0};
  return ::poll(&ended, 1, base::milliseconds_until(deadline)) > 0;
}

std::string sessions(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " session" : " sessions");
}

int end(const config::Settings& settings, const Values& given) {
  const auto targets = find_targets(settings, given);
  if (targets.empty())
    throw Failure(given.text("--session").empty() ? "no session of " + given.text("USER")
                                                  : "no session " + given.text("--session"));
  const auto log = base::Log::open(settings.log, "sodapop");
  for (const auto& target : targets) {
    if (::syscall(SYS_pidfd_send_signal, target.process.get(), SIGTERM, nullptr, 0) != 0 &&
        errno != ESRCH)
      base::throw_errno("end session " + target.record.session);
    log_kick(log, target.record);
  }
  const auto deadline = Clock::now() + end_timeout;
  const auto ended = static_cast<std::size_t>(std::ranges::count_if(
      targets, [&](const auto& target) { return await(target.process.get(), deadline); }));
  std::cout << sessions(ended) << " ended\n";
  if (ended < targets.size())
    throw Failure(sessions(targets.size() - ended) + " still in UPDATE");
  return 0;
}

} // namespace

Commands kick() {
  return {
      {"kick", "End the sessions of a user",
       "The client loses its connection, and what it has marked as deleted stays; an UPDATE that\n"
       "has begun is finished. The user may log in again.",
       Options{
           {"[USER]", "Whose sessions"},
           {"--session ID", "A single session, by its id in `who`", Rules{.instead_of = "USER"}},
       },
       end}};
}

} // namespace admin
