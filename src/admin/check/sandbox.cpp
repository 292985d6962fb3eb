// SPDX-License-Identifier: ISC
#include "admin/check/check.hpp"

#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace admin {

namespace {

constexpr long first_with_renames = 2; // Linux 5.19

long landlock_version() {
  return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

bool has_filters() {
  const std::uint32_t action = SECCOMP_RET_KILL_PROCESS;
  return ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

} // namespace

void check_sandbox(const CheckContext& context, Findings& findings) {
  const FindingsAt at("this kernel", findings);
  if (!has_filters())
    at.error("sandbox-no-seccomp", "it has no filters of system calls",
             "Use one with CONFIG_SECCOMP_FILTER: the server does not run without");
  if (landlock_version() >= first_with_renames)
    return;
  const bool is_required = context.settings.sandbox == config::Settings::Sandbox::require;
  findings.add(is_required ? Severity::error : Severity::warning, "sandbox-no-landlock",
               "this kernel",
               "it has no Landlock that allows renames, so that a session can reach the other "
               "mailboxes of its account",
               "Use Linux 5.19 or later, with landlock in its list of security modules");
}

} // namespace admin
