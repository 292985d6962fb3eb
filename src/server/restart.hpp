// SPDX-License-Identifier: ISC
// Starts the program again in the process of the listener, with its sockets and sessions, but with
// other addresses in memory and another stack canary.
#pragma once

#include "listener/restart_state.hpp"
#include "server/command_line.hpp"

#include <string>

namespace server {

/// The environment variable with the descriptor of the state, for the program that is started
/// again.
inline constexpr const char* restart_variable = "SODAPOPD_RESTART";

/// Runs the program's file with the same command line, and with `notify_socket` in the environment
/// unless it is empty. `directory` has the state for a moment. Signals that are blocked stay so,
/// until the new program waits for them. Throws std::exception when that fails; the process is as
/// before then.
[[noreturn]] void restart(const CommandLine& line, const std::string& notify_socket,
                          const std::string& directory, listener::RestartState state);

} // namespace server
