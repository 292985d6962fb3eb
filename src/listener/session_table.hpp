// SPDX-License-Identifier: ISC
// The sessions that run: their processes, and where their clients are.
#pragma once

#include "listener/source.hpp"

#include <cstddef>
#include <sys/types.h>
#include <vector>

namespace listener {

/// 24 octets a session in one block, searched from end to end: at the default limits this is
/// quicker than anything that has to be kept in order, and the pages that fork(2) shares are few.
class SessionTable {
 public:
  void add(pid_t process, const Source& source) { rows_.push_back({process, source}); }
  /// False when it is no session's process.
  bool remove(pid_t process);

  std::size_t size() const { return rows_.size(); }
  /// Of the clients that share a network with `source`; none do when that is this host.
  std::size_t size_of_network(const Source& source, const Prefixes& prefixes) const;

  /// Sends a signal to each. Whoever is here has not been waited for, so that no other process can
  /// have its number.
  void signal_all(int number) const;

 private:
  struct Row {
    pid_t process;
    Source source;
  };
  std::vector<Row> rows_;
};

} // namespace listener
