// SPDX-License-Identifier: ISC
#include "admin/check/check.hpp"

#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace admin {

namespace {

bool allows_login(const std::string& shell) {
  const auto name = shell.substr(shell.rfind('/') + 1);
  return name != "nologin" && name != "false";
}

/// The command for the accounts of the host, or of the image whose `etc` is looked at.
Remedy account_command(const CheckContext& context, const std::string& program,
                       const std::vector<std::string>& words) {
  std::vector<std::string> all{program};
  if (context.etc != "/etc")
    all.insert(all.end(), {"--prefix", context.etc.substr(0, context.etc.rfind('/'))});
  all.insert(all.end(), words.begin(), words.end());
  return run(all);
}

} // namespace

std::optional<base::Account> account_in_etc(const CheckContext& context, const std::string& name) {
  try {
    return base::find_account(name, context.etc + "/passwd");
  } catch (const std::system_error&) {
    return {};
  }
}

std::optional<uid_t> front_uid(const CheckContext& context) {
  const auto account = account_in_etc(context, context.settings.front_account);
  return account && ::geteuid() == 0 ? std::optional(account->identity.uid) : std::nullopt;
}

void check_front_account(const CheckContext& context, Findings& findings) {
  if (::geteuid() != 0)
    return;
  const auto& name = context.settings.front_account;
  const FindingsAt at("front-account = " + name, findings);
  const auto account = account_in_etc(context, name);
  if (!account)
    return at.error("front-account-missing",
                    "there is no such account in " + context.etc + "/passwd",
                    account_command(context, "useradd",
                                    {"--system", "--home-dir", "/run/sodapop/empty", "--shell",
                                     "/usr/sbin/nologin", name}));
  if (account->identity.uid == 0)
    return at.error("front-account-root", "its uid is 0", "Name an account that owns nothing");
  if (allows_login(account->shell))
    at.warning("front-account-shell", "it has the shell " + account->shell,
               account_command(context, "usermod", {"--shell", "/usr/sbin/nologin", name}));
  struct stat facts;
  if (::stat(account->home.c_str(), &facts) == 0 && facts.st_uid == account->identity.uid)
    at.warning("front-account-home", "it owns its home " + account->home,
               "Name an account that owns nothing");
}

} // namespace admin
