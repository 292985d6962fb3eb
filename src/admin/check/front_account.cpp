// SPDX-License-Identifier: ISC
#include "admin/check/check.hpp"
#include "admin/passwd_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace admin {

namespace {

std::optional<PasswdLine> find_front(const CheckContext& context) {
  return find_in_passwd(context.etc, context.settings.front_account);
}

bool allows_login(const std::string& shell) {
  const auto name = shell.substr(shell.rfind('/') + 1);
  return name != "nologin" && name != "false";
}

} // namespace

std::optional<uid_t> front_uid(const CheckContext& context) {
  const auto account = find_front(context);
  return account && ::geteuid() == 0 ? std::optional(account->uid) : std::nullopt;
}

void check_front_account(const CheckContext& context, Findings& findings) {
  if (::geteuid() != 0)
    return;
  const auto where = "front-account = " + context.settings.front_account;
  const auto account = find_front(context);
  if (!account)
    return findings.error({"front-account-missing", where,
                           "there is no such account in " + context.etc + "/passwd",
                           "useradd --system --home-dir /run/sodapop/empty --shell "
                           "/usr/sbin/nologin " +
                               context.settings.front_account});
  if (account->uid == 0)
    return findings.error(
        {"front-account-root", where, "its uid is 0", "name an account that owns nothing"});
  if (allows_login(account->shell))
    findings.warning({"front-account-shell", where, "it has the shell " + account->shell,
                      "usermod --shell /usr/sbin/nologin " + context.settings.front_account});
  struct stat facts;
  if (::stat(account->home.c_str(), &facts) == 0 && facts.st_uid == account->uid)
    findings.warning({"front-account-home", where, "it owns its home " + account->home,
                      "name an account that owns nothing"});
}

} // namespace admin
