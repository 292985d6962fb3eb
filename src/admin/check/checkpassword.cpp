// SPDX-License-Identifier: ISC
#include "admin/check/check.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace admin {

void check_checkpassword(const CheckContext& context, Findings& findings) {
  const auto& command = context.settings.checkpassword;
  const auto program = command.substr(0, command.find_first_of(" \t"));
  struct stat facts;
  if (program.empty())
    return;
  if (::stat(program.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode) ||
      ::access(program.c_str(), X_OK) != 0)
    return findings.error("checkpassword-missing", "checkpassword = " + command,
                          program + " is no program that this account may run",
                          "install it, or name another");
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0 ||
      (facts.st_uid != 0 && facts.st_uid != ::geteuid()))
    findings.error("checkpassword-unsafe", program,
                   "accounts other than root and this one may change it, and so log in as any user",
                   "chown root and chmod go-w " + program);
}

} // namespace admin
