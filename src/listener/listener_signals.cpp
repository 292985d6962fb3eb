// SPDX-License-Identifier: ISC
// What the listener does on its signals: for ends of sessions, reload, restart and stop.
#include "listener/listener.hpp"

#include "base/crash.hpp"

#include <csignal>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace listener {

namespace {

using base::Event;
using base::Level;
using Kind = EventThrottle::Kind;
using std::chrono::seconds;

} // namespace

void Listener::take_signals() {
  for (signalfd_siginfo info; read(signals_.get(), &info, sizeof info) == sizeof info;) {
    switch (info.ssi_signo) {
    case SIGCHLD: reaper_.take(static_cast<pid_t>(info.ssi_pid), now_); break;
    case SIGHUP: reload(); break;
    default: stop(); break;
    }
  }
}

void Listener::note_end(pid_t process, int status) {
  // As the first process of a container, the listener inherits the children of other processes.
  const auto stuck = stuck_.remove(process);
  const auto session = stuck ? stuck : remove(sessions_, process);
  if (!session)
    return;
  progress_.give_back(session->place);
  idle_exit_.note_client(now_);
  if (base::is_crash(status))
    punish(*session);
  if (WIFSIGNALED(status) && shutdown_.terminated() == 0)
    log_killed(*session, WTERMSIG(status));
}

void Listener::log_killed(const Session& session, int signal) {
  if (session.is_ending && signal == SIGTERM)
    return; // has_made_way() has told
  throttle_.write(Kind::session_killed,
                  Event("session-killed", Level::error)
                      .with("process", static_cast<std::uint64_t>(session.process))
                      .with("signal", static_cast<std::uint64_t>(signal)),
                  now_);
}

/// After a crash in `session`, which may have been an attack.
void Listener::punish(const Session& session) {
  ++crashes_;
  penalties_.punish(session.source, plan_.service.settings);
}

/// Gives this process and its later sessions other addresses in memory. Not under a configuration
/// that the new program would refuse.
void Listener::restart() {
  const auto crashes = std::exchange(crashes_, 0);
  RestartState state{{}, sessions_, 0, progress_.fd()};
  for (const auto& socket : plan_.sockets)
    state.sockets.push_back(socket.fd.get());
  try {
    plan_.reload();
    throttle_.write_kept(); // or it would be lost
    log_.current().write(Event("restarting", Level::warning)
                             .with("crashes", std::uint64_t{crashes})
                             .with("sessions", sessions_.size()));
    plan_.restart(std::move(state));
  } catch (const std::exception& error) {
    log_.current().write(
        Event("restart-failed", Level::error).with_quoted("problem", error.what()));
  }
}

/// Running sessions keep the configuration that they were started with.
void Listener::reload() {
  plan_.notifier.reloading();
  try {
    auto service = plan_.reload();
    log_.open(service.settings.log, now_);
    plan_.service = std::move(service);
    reserve_entries();
    log_.current().write(Event("reloaded"));
    plan_.notifier.set_problem("");
    idle_exit_.warn(plan_.service.settings, log_.current());
  } catch (const std::exception& error) {
    log_.reopen(plan_.service.settings.log, now_);
    log_.current().write(Event("configuration", Level::error).with_quoted("problem", error.what()));
    plan_.notifier.set_problem("not reloaded: " + std::string(error.what()));
  }
  plan_.notifier.ready();
}

/// A second call ends the present step of the shutdown.
void Listener::stop() {
  const bool is_first = !shutdown_.has_begun();
  shutdown_.begin(now_, seconds(plan_.service.settings.shutdown_limit));
  if (!is_first)
    return;
  plan_.sockets.clear();
  polled_.resize(1);
  plan_.notifier.stopping();
  log_.current().write(Event("stopping").with("sessions", sessions_.size()));
}

} // namespace listener
