// SPDX-License-Identifier: ISC
// The parts of `sodapop check`. All judge by what a server that is started by the calling account
// would do. They change nothing but what a session leaves (installed_session.hpp).
#pragma once

#include "admin/check/findings.hpp"
#include "base/account.hpp"
#include "config/configuration.hpp"
#include "users/user.hpp"

#include <optional>
#include <string>
#include <sys/types.h>
#include <unistd.h>
#include <vector>

namespace admin {

struct Launcher;

/// The data that all parts use.
struct CheckContext {
  config::Settings settings;
  std::string etc = "/etc"; ///< Where launchers and accounts are looked for.
  bool all_users = false;
  /// The configuration file and the settings that check was called with, for launchers that name
  /// no other ones.
  config::ConfigurationFile file = {};
  config::Settings given = {};
  /// The server's account; each part runs with this effective uid and gid.
  base::Identity server{::geteuid(), ::getegid()};
  std::vector<uid_t> other_servers = {}; ///< The uids of the site's other servers.
  const Launcher* launcher = nullptr;    ///< What starts the server; nothing when none was found.
  std::string sodapopd = {};             ///< The program that it starts; empty without a launcher.
  /// Options by which another command of this tool finds the same site, such as `--config FILE`.
  std::vector<std::string> tool_options = {};
};

/// The directory that has `path`, which is absolute.
std::string parent_of(const std::string& path);

/// The command line that calls this tool for the same site.
Remedy tool_command(const CheckContext& context, const std::vector<std::string>& words);

/// Users whose Maildir is checked unless all are wanted.
constexpr std::size_t most_mailboxes = 1000;

/// Checks the file and each of its lines, and sets `context.settings` as it says. False where it
/// cannot be read: the settings are not known then, and with them what else to look at.
bool check_configuration(const config::ConfigurationFile& file, CheckContext& context,
                         Findings& findings);
/// Checks for settings that contradict each other, or that weaken the site.
void check_settings(const CheckContext& context, Findings& findings);

/// Checks which programs may send a PROXY header: it names the client, and with `external` the
/// user.
void check_proxy(const CheckContext& context, Findings& findings);

/// Checks the program that replaces the users file, or else that file, its lines and, by
/// Mailboxes, each user's Maildir. Reads the file twice, and once more if names seem to have
/// several lines; takes 8 octets a user meanwhile.
void check_users(const CheckContext& context, Findings& findings);
/// Checks one line by itself.
void check_user(const CheckContext& context, const users::User& user, Findings& findings);

/// Checks the keys for tokens.
void check_tokens(const CheckContext& context, Findings& findings);

/// The account of that name in the file `passwd` below `etc`, as the server looks it up. Nothing if
/// there is none, or no such file.
std::optional<base::Account> account_in_etc(const CheckContext& context, const std::string& name);
/// The uid of the front's account there.
/// Nothing if there is no such account, or if the caller is not root: only root's server needs it.
std::optional<uid_t> front_uid(const CheckContext& context);
/// Checks that account.
void check_front_account(const CheckContext& context, Findings& findings);
/// Checks the directories above a file or directory that the server refuses if others could replace
/// it.
void check_directories_above(const std::string& path, Findings& findings);
/// Checks the chroot, the runtime directory, the state directory and the log.
void check_directories(const CheckContext& context, Findings& findings);
/// Checks for file systems of these that are full or read-only.
void check_file_systems(const CheckContext& context, Findings& findings);
/// Checks the keys in the state directory and the runtime directory, and looks for copies of keys
/// and of the users file that an interrupted change has left.
void check_kept_files(const CheckContext& context, Findings& findings);

/// Checks what this kernel offers for the sandbox.
void check_sandbox(const CheckContext& context, Findings& findings);

/// Checks the files of systemd, inetd, xinetd and stunnel that start sodapopd.
void check_launchers(const CheckContext& context, Findings& findings);

} // namespace admin
