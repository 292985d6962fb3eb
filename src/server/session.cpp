// SPDX-License-Identifier: ISC
#include "server/session.hpp"

#include "base/crash.hpp"
#include "base/hex.hpp"
#include "base/signal_blocker.hpp"
#include "base/system_error.hpp"
#include "front/front.hpp"
#include "monitor/connect_lines.hpp"
#include "monitor/connection_limit.hpp"
#include "monitor/monitor.hpp"
#include "pop3/refusal.hpp"
#include "sandbox/identity.hpp"
#include "sandbox/restart_key.hpp"
#include "sandbox/sandbox.hpp"
#include "sandbox/stack_canary.hpp"
#include "server/proxy_peer.hpp"
#include "server/session_plan.hpp"
#include "server/start_failure.hpp"
#include "server/startup.hpp"
#include "verifier/verifier_process.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <thread>
#include <unistd.h>

namespace server {

namespace {

using base::Event;
using base::Level;

std::string new_session_id() {
  std::array<unsigned char, 6> bytes{};
  base::check(getentropy(bytes.data(), bytes.size()), "getrandom");
  return base::hex(bytes);
}

void confine_front(const SessionPlan& plan, pid_t monitor) {
  prctl(PR_SET_NAME, "sodapopd-front", 0, 0, 0);
  replace_by_dev_null({2});
  // Without the monitor there is nothing to serve. The kernel's signal works only while the monitor
  // may signal the front; the end of the keeper closes the channel, which the front notices.
  sandbox::enter_account(plan.front_account, plan.settings.front_root(), monitor);
  sandbox::confine(sandbox::Role::front, -1, plan.settings.sandbox);
}

front::Front::Opening opening_of(const SessionPlan& plan) {
  using Opening = front::Front::Opening;
  if (plan.owner)
    return Opening::maildrop;
  return plan.behind_proxy() ? Opening::proxy_header : Opening::login;
}

/// What the client gets when its front cannot be confined.
std::string_view refusal_after(const std::exception& error) {
  const auto* failure = dynamic_cast<const std::system_error*>(&error);
  const bool may_pass = (failure != nullptr && base::is_shortage(failure->code())) ||
                        dynamic_cast<const std::bad_alloc*>(&error) != nullptr;
  return may_pass ? pop3::cannot_start : pop3::cannot_protect_itself;
}

[[noreturn]] __attribute__((no_stack_protector, noinline)) void
run_front(const SessionPlan& plan, ipc::Channel channel, ipc::KillSwitch kill_switch, base::Log log,
          pid_t monitor) {
  // The constructor examines descriptors, which is not permitted in the sandbox.
  front::Front front(channel, plan.settings, plan.profile, opening_of(plan),
                     std::move(kill_switch));
  try {
    sandbox::renew_stack_canary();
    confine_front(plan, monitor);
  } catch (const std::exception& error) {
    log.write(Event("cage", Level::error).with_quoted("problem", error.what()));
    tell_client(refusal_after(error));
    _exit(EX_OSERR);
  }
  log = base::Log(); // the front must not write to the log
  front.run();
  _exit(EX_OK);
}

/// False when the session was broken off. The caller must not wait for the front then, as it may be
/// hostile.
bool run_monitor(const SessionPlan& plan, ipc::Channel channel, ipc::KillSwitch kill_switch,
                 monitor::GuessGuard& guard, base::Log& log, state::ProgressMark progress) {
  // Destroyed at the end of this function; a parameter may live on while the front is reaped.
  const ipc::KillSwitch held = std::move(kill_switch);
  try {
    if (plan.hardens_monitor)
      sandbox::harden_monitor(plan.permitted_identities());
    replace_by_dev_null({0, 1, 2});
    monitor::Monitor monitor(std::move(channel),
                             {{plan.settings, log, plan.front_account, plan.client, plan.self},
                              new_session_id(),
                              plan.profile,
                              std::move(progress)},
                             guard);
    if (plan.owner)
      monitor.run_preauthenticated(plan.owner->name, plan.owner->maildir);
    else
      monitor.run();
    return true;
  } catch (const std::exception& error) {
    log.write(Event("broken-off", Level::error).with_quoted("problem", error.what()));
    return false;
  }
}

void log_front(int status, const base::Log& log) {
  if (status == 0)
    return;
  const bool is_killed = WIFSIGNALED(status);
  const auto number = is_killed ? WTERMSIG(status) : WEXITSTATUS(status);
  log.write(Event("front-failed", Level::error)
                .with(is_killed ? "signal" : "status", static_cast<std::uint64_t>(number)));
}

/// Closes above all the listening sockets: an old session must not hold a port.
void keep_only(int connection, int log) {
  base::check(dup2(connection, 0), "dup2");
  base::check(dup2(connection, 1), "dup2");
  sandbox::close_all_but(log);
}

/// Waits a short time for the front, which has closed the channel and is about to end. If the
/// sandbox's filter has killed the front, that is an attack or a bug, and must be logged. True when
/// the front has crashed.
bool reap_front(pid_t front, const base::Log& log) {
  using namespace std::chrono;
  const auto end = steady_clock::now() + seconds(2);
  for (microseconds pause{20}; steady_clock::now() < end;
       pause = std::min(2 * pause, microseconds(1000))) {
    int status = 0;
    if (waitpid(front, &status, WNOHANG) == front) {
      log_front(status, log);
      return base::is_crash(status);
    }
    std::this_thread::sleep_for(pause);
  }
  return false;
}

/// Not for a client that a listener has admitted, nor behind a proxy, where the client is not known
/// yet.
base::Result<base::UniqueFd, ipc::Admission>
admit_client(const SessionPlan& plan, monitor::GuessGuard& guard, base::Log& log) {
  if (plan.owner || plan.is_admitted || plan.behind_proxy() || !plan.client.remote_address())
    return base::UniqueFd();
  log.set_context(" from=" + plan.client.from());
  return monitor::admit(plan.client, plan.settings, guard, log);
}

} // namespace

void log_suppressed(const config::Settings& settings) {
  const auto suppressed = monitor::suppressed_connections(settings.runtime_directory);
  if (suppressed > 0)
    base::Log::open(settings.log, "sodapopd").write(monitor::unlogged(suppressed));
}

bool run_session(const SessionPlan& plan, base::Log log, state::ProgressMark progress) {
  if (const auto refusal = plan.behind_proxy() ? refusal_of_proxy(plan, 0) : std::nullopt) {
    monitor::log_connection(log, *refusal, plan.settings.runtime_directory);
    return false;
  }
  monitor::GuessGuard guard(plan.settings, log);
  if (!plan.owner && !plan.behind_proxy())
    guard.set_client(plan.client);
  const auto source_slot = admit_client(plan, guard, log);
  if (!source_slot) {
    tell_client(ipc::refusal_line(source_slot.error()));
    return false;
  }
  auto [for_monitor, for_front] = ipc::Channel::make_pair();
  const pid_t monitor = getpid();
  auto kill_switch = ipc::KillSwitch::for_this_process(monitor);
  const pid_t front = base::check(fork(), "fork");
  if (front == 0) {
    for_monitor = ipc::Channel(base::UniqueFd());
    if (*source_slot)
      close(source_slot->get());
    kill_switch.keep_trigger();
    run_front(plan, std::move(for_front), std::move(kill_switch), std::move(log), monitor);
  }
  for_front = ipc::Channel(base::UniqueFd());
  const bool has_front_crashed = run_monitor(plan, std::move(for_monitor), std::move(kill_switch),
                                             guard, log, std::move(progress)) &&
                                 reap_front(front, log);
  const bool has_crashed = has_front_crashed || verifier::has_verifier_crashed();
  const bool is_seen_by_listener = plan.is_admitted && !plan.behind_proxy();
  if (has_crashed && !is_seen_by_listener)
    guard.count_crash();
  return has_crashed;
}

__attribute__((no_stack_protector, noinline)) void
run_session_process(int connection, const base::Client& client, SessionPlan& plan, base::Log log,
                    state::ProgressMark progress) noexcept {
  try {
    sandbox::forget_restart_key();
    sandbox::renew_stack_canary();
    keep_only(connection, log.fd());
    progress.hide_from_children();
    base::unblock_signals();
    set_client(plan, client);
    plan.is_admitted = true;
    const bool has_crashed = run_session(plan, std::move(log), std::move(progress));
    _exit(has_crashed ? base::child_crashed : EX_OK);
  } catch (const std::exception& error) {
    tell_client(pop3::cannot_start);
    log_failure(plan.settings.log, {EX_OSERR, error.what()});
    _exit(EX_OSERR);
  }
}

} // namespace server
