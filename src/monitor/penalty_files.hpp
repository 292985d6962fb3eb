// SPDX-License-Identifier: ISC
// The files that a GuessGuard needs, each opened when it is first used. A problem with one of them
// is logged once for a session and never refuses a login.
#pragma once

#include "base/address.hpp"
#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "config/settings.hpp"
#include "state/penalty_table.hpp"
#include "state/private_file.hpp"
#include "state/usual_networks.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace monitor {

class PenaltyFiles {
 public:
  /// Opens nothing. Both must outlive this object.
  PenaltyFiles(const config::Settings& settings, const base::Log& log)
      : settings_(settings), log_(log), site_key_(settings.state_directory) {}

  /// nullptr when the table cannot be used.
  state::PenaltyTable* table();
  /// Whether `user` has logged in from the network of `client` lately; false when that is not
  /// known.
  bool is_usual(std::string_view user, const base::Address& client);
  void note_usual(std::string_view user, const base::Address& client);
  /// The site's key; empty when it cannot be used: the digests made with it are in files that only
  /// this account can read.
  std::string_view site_key();
  /// For logins, until close().
  state::SiteKey& shared_site_key() { return site_key_; }
  /// The file of turnstiles; -1 when it cannot be used.
  int turnstiles();

  /// Logs a problem with the files, the first one of a session.
  void warn(std::string_view problem);
  /// Unmaps and closes all, for good.
  void close();

 private:
  state::UsualNetworks* usual();
  void try_to(const std::function<void()>& open);

  const config::Settings& settings_;
  const base::Log& log_;
  std::optional<state::PenaltyTable> table_;
  std::optional<state::UsualNetworks> usual_;
  state::SiteKey site_key_;
  base::UniqueFd turnstiles_;
  bool has_no_table_ = false; // as it could not be opened, or is closed
  bool has_warned_ = false;
};

} // namespace monitor
