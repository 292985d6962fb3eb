// SPDX-License-Identifier: ISC
// The signals of the listener, which it reads from a descriptor: no code runs in a signal handler.
#pragma once

#include "base/unique_fd.hpp"

namespace listener {

/// Blocks SIGCHLD, SIGHUP, SIGTERM and SIGINT and gives a descriptor, close-on-exec, from which
/// they are read without waiting (signalfd(2)). Throws std::system_error.
base::UniqueFd block_signals();

} // namespace listener
