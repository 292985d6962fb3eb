// SPDX-License-Identifier: ISC
// Stays in place of a server that cannot start with its configuration: refuses the clients until an
// administrator has mended it, so that the mend needs no other command.
#pragma once

#include "listener/listening_socket.hpp"
#include "listener/notifier.hpp"
#include "server/start_failure.hpp"

#include <chrono>
#include <functional>
#include <vector>

namespace server {

/// The time between two refusals, 20 a second at most: further clients wait in the queue.
constexpr std::chrono::milliseconds refusal_pause{50};
/// The time after which the same problem is logged again, with the number of refused clients.
constexpr std::chrono::seconds problem_interval{60};

/// How refuse_until_mended() ends: the server can start, or was told to stop.
enum class Waiting { mended, stopped };

/// Does all that a start needs and that can fail; sets the log as soon as it is known. Throws
/// std::exception.
using StartAttempt = std::function<void(FailureTarget& target)>;

/// Calls `attempt` in a child process, which may give up privileges; gives `mended` when it does
/// not throw. Else tells standard error, the log and the service manager what is wrong, and makes a
/// new attempt whenever a client connects and after SIGHUP. As long as that fails, the client gets
/// StartFailure::reply(); after a success, it waits for the server in the queue. The problem is
/// logged again when it is another one, and every problem_interval while clients come. SIGTERM and
/// SIGINT end this with `stopped`. These signals stay blocked afterwards. Throws std::system_error.
Waiting refuse_until_mended(const std::vector<listener::ListeningSocket>& sockets,
                            listener::Notifier& notifier, const StartAttempt& attempt);

} // namespace server
