// SPDX-License-Identifier: ISC
// The accounts of this host, as /etc/passwd has them.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

namespace base {

struct Identity {
  uid_t uid;
  gid_t gid;
};

/// A line of /etc/passwd.
struct Account {
  Identity identity;
  std::string name;
  std::string home;
};

/// Looks the account up in /etc/passwd itself: the program is linked without the C library's name
/// services. Nothing when there is no such account. Throws std::system_error.
std::optional<Account> find_account(const std::string& name);
std::optional<Account> find_account(uid_t uid);

} // namespace base
