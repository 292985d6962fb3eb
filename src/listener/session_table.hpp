// SPDX-License-Identifier: ISC
// The running sessions: their processes and their clients' networks.
#pragma once

#include "listener/source.hpp"

#include <cstddef>
#include <sys/types.h>
#include <vector>

namespace listener {

/// One block with 24 octets for each session, searched from end to end. At the default limits this
/// is faster than a sorted structure, and fork(2) shares few pages.
class SessionTable {
 public:
  void add(pid_t process, const Source& source) { rows_.push_back({process, source}); }
  /// False when `process` is not the process of a session.
  bool remove(pid_t process);

  std::size_t size() const { return rows_.size(); }
  /// The number of clients that share a network with `source`; 0 when `source` is this host.
  std::size_t size_of_network(const Source& source, const Prefixes& prefixes) const;

  /// Sends a signal to each process. The listed processes have not been waited for, so that no
  /// other process can have their process numbers.
  void signal_all(int number) const;

 private:
  struct Row {
    pid_t process;
    Source source;
  };
  std::vector<Row> rows_;
};

} // namespace listener
