// SPDX-License-Identifier: ISC
// The servers of a site: what the launchers start, each account with the settings that its launcher
// gives it.
#pragma once

#include "admin/check/check.hpp"
#include "admin/check/launcher_settings.hpp"

#include <string>
#include <vector>

namespace admin {

struct Server {
  base::Identity identity;
  std::vector<gid_t> groups; ///< The supplementary ones.
  std::string account;       ///< The name, or the number where there is no name.
  LauncherSettings given;    ///< The configuration file is not read yet.
  const Launcher* launcher;  ///< The first that starts it; nothing when none was found.
};

/// The servers that these launchers start and this process can check: all if it is root's, else
/// those of its account. Without any, a server of its account that has `file` and `settings`.
std::vector<Server> servers_of(const std::vector<Launcher>& launchers, const CheckContext& context,
                               const config::ConfigurationFile& file,
                               const config::Settings& settings);

/// The account that a launcher names by its name or number, root if it names none. Nothing if there
/// is none of that name; a number needs no name.
std::optional<base::Account> account_of(const CheckContext& context, const std::string& named);

/// Calls `check` with the findings of that server: in this process if it is of the same account,
/// else in a child process with the account's identity, whose findings are added to `findings`.
void check_as(const Server& server, Findings& findings,
              const std::function<void(Findings&)>& check);

} // namespace admin
