// SPDX-License-Identifier: ISC
// The accounts of a host, as its passwd(5) file has them.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

namespace base {

/// The uid that the kernel gives for every account that a user namespace does not have
/// (/proc/sys/kernel/overflowuid); `nobody` has it.
constexpr uid_t overflow_uid = 65534;

struct Identity {
  uid_t uid;
  gid_t gid;
};

/// A line of passwd(5).
struct Account {
  Identity identity;
  std::string name;
  std::string home;
  std::string shell;
};

/// Looks the account up in the file itself, as a program that is linked without the C library's
/// name services has to; not by fgetpwent(3), which takes four times as long for each line, and a
/// server that is started for each connection looks an account up each time. Skips lines whose uid
/// or gid is no number. Nothing when there is no such account. Throws std::system_error when the
/// file cannot be read.
std::optional<Account> find_account(const std::string& name,
                                    const std::string& file = "/etc/passwd");
std::optional<Account> find_account(uid_t uid);

} // namespace base
