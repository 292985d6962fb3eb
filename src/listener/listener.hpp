// SPDX-License-Identifier: ISC
// The accept loop: takes connections, starts one process for each and counts the processes. It
// neither reads from a client nor waits for one, and sends a client nothing but one refusal.
#pragma once

#include "base/client.hpp"
#include "base/log.hpp"
#include "config/settings.hpp"
#include "listener/admission.hpp"
#include "listener/child_reaper.hpp"
#include "listener/event_throttle.hpp"
#include "listener/idle_exit.hpp"
#include "listener/lasting_log.hpp"
#include "listener/listening_socket.hpp"
#include "listener/network_penalties.hpp"
#include "listener/notifier.hpp"
#include "listener/restart_state.hpp"
#include "listener/session_table.hpp"
#include "listener/shutdown.hpp"
#include "listener/stuck_sessions.hpp"
#include "state/session_progress.hpp"

#include <exception>
#include <functional>
#include <poll.h>
#include <vector>

namespace listener {

/// The service for connections. The listener does not know what the service does.
struct Service {
  config::Settings settings;
  /// Called in the new process of a connection, with the connection, the client, of which only the
  /// peer's address is known, the log, and what tells the listener of a login. Does not return. The
  /// exit status is base::child_crashed when another process of the session has crashed.
  std::function<void(int connection, const base::Client& client, base::Log log,
                     state::ProgressMark progress)>
      serve;
};

/// The parameters of a listener, from the code that knows the command line.
struct ListenerPlan {
  std::vector<ListeningSocket> sockets;
  /// True when a launcher holds the sockets too and starts the listener again for a client.
  bool may_exit_when_idle = false;
  Notifier notifier;
  /// Gives up rights that neither the listener nor a session needs. May throw.
  std::function<void()> harden;
  Service service;
  /// Reads the configuration again. Throws std::exception when the configuration is invalid.
  std::function<Service()> reload;
  /// Starts the program again in this process, with the sockets and this state. Does not return;
  /// throws std::exception when that fails.
  std::function<void(RestartState state)> restart;
  base::LostLines lost_lines; ///< For its log and those of sessions.
  RestartState inherited;     ///< What the program has left that was started before; else nothing.
};

class Listener {
 public:
  /// Opens the log, hardens the process, blocks the signals that run() waits for. Throws
  /// std::system_error.
  explicit Listener(ListenerPlan plan);

  /// Serves until SIGTERM or SIGINT, then until the sessions have ended or were terminated; or
  /// until no client has come for `idle-exit` seconds. SIGHUP reads the configuration and opens the
  /// log again. After a few crashes in sessions it starts the program again, which leaves the
  /// sessions alone. No call of the system that fails ends it, and no exception, as for want of
  /// memory.
  void run();

 private:
  void try_turn() noexcept;
  void turn();
  void complain(const std::exception& error) noexcept;
  void await(std::size_t count);
  Clock::time_point next_deadline() const;
  bool is_accepting() const { return !shutdown_.has_begun() && now_ >= paused_until_; }

  void accept_from(const ListeningSocket& socket);
  void note_hung_up(const base::Client& client);
  const Refusal* refusal_for(const base::Client& client);
  const Refusal* refuse(const base::Client& client);
  bool has_made_way(const Refusal& lack, const base::Client& client);
  void forget_stuck();
  void start_session(int connection, const base::Client& client);
  [[noreturn]] void serve(int connection, const base::Client& client, std::size_t place) noexcept;
  void count(pid_t process, const base::Client& client, std::size_t place);
  void reserve_entries();
  void pause_after(EventThrottle::Kind kind, base::Event event, int error);

  void take_signals();
  void note_end(pid_t process, int status);
  void log_killed(const Session& session, int signal);
  void punish(const Session& session);
  void restart();
  void reload();
  Clock::time_point idle_end() const {
    return idle_exit_.due(!sessions_.empty(), plan_.service.settings);
  }
  void stop();

  ListenerPlan plan_;
  LastingLog log_;
  EventThrottle throttle_{log_.current()};
  SessionTable sessions_;
  state::ProgressTable progress_;
  NetworkPenalties penalties_;
  Admission admission_;
  StuckSessions stuck_;
  unsigned crashes_ = 0; // since the program was started
  base::UniqueFd signals_;
  ChildReaper reaper_{[this](pid_t process, int status) { note_end(process, status); }};
  std::vector<pollfd> polled_; // the signals, then the sockets
  Shutdown shutdown_;
  Clock::time_point now_ = Clock::now();
  Clock::time_point paused_until_ = Clock::time_point::min();
  IdleExit idle_exit_{plan_.may_exit_when_idle, now_};
};

} // namespace listener
