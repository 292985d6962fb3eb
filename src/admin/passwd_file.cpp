// SPDX-License-Identifier: ISC
#include "admin/passwd_file.hpp"

#include <cstdio>
#include <memory>
#include <pwd.h>

namespace admin {

std::optional<PasswdLine> find_in_passwd(const std::string& etc, const std::string& name) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen((etc + "/passwd").c_str(), "re"), std::fclose);
  while (const auto* entry = file ? ::fgetpwent(file.get()) : nullptr)
    if (entry->pw_name == name)
      return PasswdLine{entry->pw_uid, entry->pw_dir, entry->pw_shell};
  return {};
}

} // namespace admin
