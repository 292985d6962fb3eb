// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/sessions.hpp"
#include "base/deadline.hpp"
#include "base/log.hpp"
#include "base/system_error.hpp"
#include "users/login_name.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <functional>
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
  OpenSession session;
  base::UniqueFd process;
};

using Choice = std::function<bool(const state::SessionRecord& record)>;

std::vector<Target> find_targets(const config::Settings& settings, const Choice& is_chosen) {
  std::vector<Target> targets;
  for (auto& session : open_sessions(settings, [](const std::string&) {})) {
    if (!is_chosen(session.record))
      continue;
    auto process = process_of(session);
    if (process)
      targets.push_back({std::move(session), std::move(process)});
    else
      std::cerr << "sodapop: session " << session.record.session << ": process "
                << session.record.pid << " is not the one that keeps it, and is left alone\n";
  }
  return targets;
}

std::vector<Target> targets_of_user(const config::Settings& settings, const std::string& said) {
  const auto of = [&](const std::string& name) {
    return find_targets(settings, [&](const auto& record) { return record.user == name; });
  };
  auto targets = of(users::login_name(said, settings));
  return targets.empty() ? of(said) : std::move(targets); // logged in under other settings
}

std::vector<Target> find_targets(const config::Settings& settings, const Values& given) {
  const auto id = given.text("--session"), user = given.text("USER");
  auto targets =
      id.empty() ? targets_of_user(settings, user)
                 : find_targets(settings, [&](const auto& record) { return record.session == id; });
  if (targets.empty())
    throw Failure(id.empty() ? "no session of " + user : "no session " + id);
  return targets;
}

void log_kick(const base::Log& log, const state::SessionRecord& record) {
  log.write(base::Event("kicked", base::Level::warning)
                .with("by-uid", std::uint64_t{::getuid()})
                .with("user", record.user)
                .with("session", record.session)
                .with("from", record.from));
}

/// False if the process has ended already.
bool send_signal(const Target& target, int signal) {
  if (::syscall(SYS_pidfd_send_signal, target.process.get(), signal, nullptr, 0) == 0)
    return true;
  if (errno != ESRCH)
    base::throw_errno("end session " + target.session.record.session);
  return false;
}

/// Removes from `targets` those whose processes end within end_timeout.
void await_end(std::vector<Target>& targets) {
  const auto deadline = Clock::now() + end_timeout;
  std::erase_if(targets, [&](const Target& target) {
    pollfd ended{target.process.get(), POLLIN, 0};
    return ::poll(&ended, 1, base::milliseconds_until(deadline)) > 0;
  });
}

/// What the record of the session says now.
bool is_updating(const Target& target, const std::vector<OpenSession>& now) {
  return std::ranges::any_of(now, [&](const OpenSession& one) {
    return one.device == target.session.device && one.inode == target.session.inode &&
           one.record.is_updating;
  });
}

std::string sessions(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " session" : " sessions");
}

/// Kills the processes that are not in UPDATE: one that was stopped, or that waits for a disk, does
/// not end by SIGTERM. Removes from `targets` those that end, and those in UPDATE, whose number it
/// gives.
std::size_t kill_idle(std::vector<Target>& targets, const config::Settings& settings) {
  if (targets.empty())
    return 0;
  const auto now = open_sessions(settings, [](const std::string&) {});
  const auto updating =
      std::erase_if(targets, [&](const Target& target) { return is_updating(target, now); });
  for (const auto& target : targets)
    send_signal(target, SIGKILL);
  await_end(targets);
  return updating;
}

int end(const config::Settings& settings, const Values& given) {
  auto targets = find_targets(settings, given);
  const auto log = base::Log::open(settings.log, "sodapop");
  std::erase_if(targets, [&](const Target& target) {
    const bool is_sent = send_signal(target, SIGTERM);
    if (is_sent)
      log_kick(log, target.session.record);
    return !is_sent;
  });
  const auto all = targets.size();
  await_end(targets);
  const auto updating = kill_idle(targets, settings);
  std::cout << sessions(all - updating - targets.size()) << " ended\n";
  if (updating > 0)
    throw Failure(sessions(updating) + " still in UPDATE");
  if (!targets.empty())
    throw Failure(sessions(targets.size()) + " cannot be ended: the process waits for a disk");
  return 0;
}

} // namespace

Commands kick() {
  return {
      {"kick", "End the sessions of a user",
       "The client loses its connection, and what it has marked as deleted stays; an UPDATE that\n"
       "has begun is finished. The user may log in again. A process that does not end within five\n"
       "seconds is killed, unless it is in UPDATE.",
       Options{
           {"[USER]", "Whose sessions"},
           {"--session ID", "A single session, by its id in `who`", Rules{.instead_of = "USER"}},
       },
       end}};
}

} // namespace admin
