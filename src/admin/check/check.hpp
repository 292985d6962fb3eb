// SPDX-License-Identifier: ISC
// `sodapop check`: what each part of it looks at. All judge by what a server that is started by the
// calling account would do, and change nothing.
#pragma once

#include "admin/check/findings.hpp"
#include "config/configuration.hpp"
#include "users/user.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>

namespace admin {

/// What the parts share.
struct CheckContext {
  config::Settings settings;
  std::string etc = "/etc"; ///< Where launchers and accounts are looked for.
  bool all_users = false;

  std::string chroot() const {
    return settings.chroot.empty() ? settings.runtime_directory + "/empty" : settings.chroot;
  }
};

/// Users whose Maildir is looked at unless all are wanted: one process each, and so about a second.
constexpr std::size_t most_mailboxes = 1000;

/// The file, each of its lines; sets what it says.
void check_configuration(const config::ConfigurationFile& file, CheckContext& context,
                         Findings& findings);
/// Settings that do not go together, or that weaken the site.
void check_settings(const CheckContext& context, Findings& findings);

/// The users file and its lines; each user's Maildir by check_mailbox. Reads the file twice where
/// names are doubled, and keeps eight octets of memory a user.
void check_users(const CheckContext& context, Findings& findings);
/// What can be said of one line by itself.
void check_user(const CheckContext& context, const users::User& user, Findings& findings);
/// The path, as that user, from the root directory to cur, new and tmp.
void check_mailbox(const CheckContext& context, const users::User& user, Findings& findings);

/// Keys for tokens, and the program that is asked in the place of the users file.
void check_tokens(const CheckContext& context, Findings& findings);
void check_checkpassword(const CheckContext& context, Findings& findings);

/// The front's account, in the file `passwd` below `etc` as the server itself looks for it, with
/// its uid if there is one. Only as root is there a need for it.
std::optional<uid_t> front_uid(const CheckContext& context);
void check_front_account(const CheckContext& context, Findings& findings);
/// Chroot, runtime directory, log.
void check_directories(const CheckContext& context, Findings& findings);

/// What this kernel has for cages.
void check_sandbox(const CheckContext& context, Findings& findings);

/// Files of systemd, inetd, xinetd and stunnel that start sodapopd.
void check_launchers(const CheckContext& context, Findings& findings);

} // namespace admin
