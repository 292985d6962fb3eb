// SPDX-License-Identifier: ISC
// Refuses networks for what has come from them before: failed logins; crashes, as an attacker who
// tries out an overflow makes one process after another crash; and connections that had to give
// way, as strangers who open them again at once leave no other client the time for a login. The
// table is that of the sessions (state/penalty_table.hpp).
#pragma once

#include "config/settings.hpp"
#include "listener/admission.hpp"
#include "state/penalty_table.hpp"

#include <optional>
#include <string>

namespace listener {

/// Keeps the table mapped, and opens it again when its file has been replaced. Without a table no
/// network is refused.
class NetworkPenalties {
 public:
  /// Has this process know the boot that tables are of, and with it the sessions, its children.
  NetworkPenalties();

  /// Why a client that counts for `source` (source_of()) gets no session; nullptr when it gets one.
  const Refusal* refusal_for(const std::optional<base::Address>& source,
                             const config::Settings& settings);
  /// After a crash in a session of that source. Sessions behind a proxy, which have none, count
  /// theirs themselves.
  void punish(const std::optional<base::Address>& source, const config::Settings& settings);
  /// nullptr when it cannot be used, which the sessions tell.
  state::PenaltyTable* table(const std::string& runtime_directory);

 private:
  std::optional<state::PenaltyTable> table_;
};

} // namespace listener
