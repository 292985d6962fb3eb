// SPDX-License-Identifier: ISC
#include "base/account.hpp"

#include "base/system_error.hpp"

#include <cstdio>
#include <memory>
#include <pwd.h>

namespace base {

namespace {

template <class Wanted>
std::optional<Account> find_account_if(const std::string& path, const Wanted& is_wanted) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"),
                                                             std::fclose);
  if (!file)
    throw_errno(path);
  while (const auto* entry = ::fgetpwent(file.get()))
    if (is_wanted(*entry))
      return account_of(*entry);
  return {};
}

} // namespace

Account account_of(const passwd& entry) {
  return {{entry.pw_uid, entry.pw_gid}, entry.pw_name, entry.pw_dir, entry.pw_shell};
}

std::optional<Account> find_account(const std::string& name, const std::string& file) {
  return find_account_if(file, [&](const passwd& entry) { return entry.pw_name == name; });
}

std::optional<Account> find_account(uid_t uid) {
  return find_account_if("/etc/passwd", [&](const passwd& entry) { return entry.pw_uid == uid; });
}

} // namespace base
