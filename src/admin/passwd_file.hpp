// SPDX-License-Identifier: ISC
// Accounts as the server finds them: lines of passwd(5), without the C library's name services.
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

namespace admin {

struct PasswdLine {
  uid_t uid;
  std::string home;
  std::string shell;
};

/// The first line of `name` in the file `passwd` of the directory `etc`; nothing if there is none.
std::optional<PasswdLine> find_in_passwd(const std::string& etc, const std::string& name);

} // namespace admin
