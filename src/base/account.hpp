// SPDX-License-Identifier: ISC
// The accounts of a host, as its passwd(5) file has them.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

struct passwd;

namespace base {

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

/// Copies what the C library found.
Account account_of(const passwd& entry);

/// Looks the account up in the file itself, as a program that is linked without the C library's
/// name services has to. Nothing when there is no such account. Throws std::system_error when the
/// file cannot be opened.
std::optional<Account> find_account(const std::string& name,
                                    const std::string& file = "/etc/passwd");
std::optional<Account> find_account(uid_t uid);

} // namespace base
