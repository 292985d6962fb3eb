// SPDX-License-Identifier: ISC
// The state that a listener passes on to itself when it starts its program again, which gives it
// other addresses in memory: the sockets and the sessions. The process stays the same, so that the
// sessions are still its children.
#pragma once

#include "base/unique_fd.hpp"
#include "listener/session_table.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace listener {

struct RestartState {
  std::vector<int> sockets; ///< Descriptors of listening sockets.
  SessionTable sessions;
  std::uint64_t key = 0; ///< For the sandbox; secret.
  int progress = -1;     ///< Descriptor of state::ProgressTable.
};

/// Writes the state to a file without a name in `directory`, which the next program inherits.
/// Throws std::system_error, and std::runtime_error on a full disk.
base::UniqueFd save(const RestartState& state, const std::string& directory);

/// Reads the state from the file `fd` that save() has written, and closes it. Throws
/// std::system_error, and std::runtime_error when it is another file.
RestartState load_restart_state(int fd);

} // namespace listener
