// SPDX-License-Identifier: ISC
#include "listener/session_table.hpp"

#include <algorithm>
#include <csignal>

namespace listener {

bool SessionTable::remove(pid_t process) {
  const auto row = std::ranges::find(rows_, process, &Row::process);
  if (row == rows_.end())
    return false;
  *row = rows_.back();
  rows_.pop_back();
  return true;
}

std::size_t SessionTable::size_of_network(const Source& source, const Prefixes& prefixes) const {
  if (source.is_this_host())
    return 0;
  const auto shares = [&](const Row& row) { return row.source.shares_network(source, prefixes); };
  return static_cast<std::size_t>(std::ranges::count_if(rows_, shares));
}

void SessionTable::signal_all(int number) const {
  for (const auto& row : rows_)
    kill(row.process, number);
}

} // namespace listener
