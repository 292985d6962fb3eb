// SPDX-License-Identifier: ISC
#include "sandbox/landlock.hpp"

#include "base/system_error.hpp"
#include "base/unique_fd.hpp"

#include <cstdint>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sandbox {

namespace {

// landlock.h of Linux 6.1 does not define what follows. The kernel takes a longer structure than it
// knows when the rest is 0.
struct LandlockRules {
  std::uint64_t files = 0;
  std::uint64_t network = 0;
  std::uint64_t scope = 0;
};
constexpr std::uint64_t access_truncate = 1u << 14;
constexpr std::uint64_t access_ioctl_dev = 1u << 15;
constexpr std::uint64_t bind_tcp = 1u << 0, connect_tcp = 1u << 1;
constexpr std::uint64_t scope_abstract_sockets = 1u << 0, scope_signals = 1u << 1;
constexpr long first_with_refer = 2, first_with_truncate = 3, first_with_network = 4,
               first_with_ioctl_dev = 5, first_with_scopes = 6;

/// Asked once; the children of a process that has asked know it, too.
long landlock_version() {
  static const long version =
      syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version;
}

/// All that this version of Landlock can refuse.
LandlockRules refusable(long version) {
  LandlockRules rules{.files = (LANDLOCK_ACCESS_FS_REFER << 1) - 1};
  if (version >= first_with_truncate)
    rules.files |= access_truncate;
  if (version >= first_with_network)
    rules.network = bind_tcp | connect_tcp;
  if (version >= first_with_ioctl_dev)
    rules.files |= access_ioctl_dev;
  if (version >= first_with_scopes)
    rules.scope = scope_abstract_sockets | scope_signals;
  return rules;
}

void grant(int ruleset, int maildir, std::uint64_t refused) {
  landlock_path_beneath_attr rule{};
  rule.allowed_access =
      refused & (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                 LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REFER | access_truncate);
  rule.parent_fd = maildir;
  base::check(syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0),
              "landlock_add_rule");
}

} // namespace

bool has_landlock() {
  return landlock_version() >= first_with_refer;
}

bool restrict_by_landlock(int maildir) {
  const auto version = landlock_version();
  if (version < first_with_refer)
    return false;
  const auto rules = refusable(version);
  const auto made =
      base::check(syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0), "landlock");
  const base::UniqueFd ruleset(static_cast<int>(made));
  if (maildir >= 0)
    grant(ruleset.get(), maildir, rules.files);
  base::check(syscall(SYS_landlock_restrict_self, ruleset.get(), 0), "landlock_restrict_self");
  return true;
}

} // namespace sandbox
