// SPDX-License-Identifier: ISC
#include "sandbox/listener_hardening.hpp"

#include "base/system_error.hpp"
#include "sandbox/identity.hpp"
#include "sandbox/sandbox.hpp"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace sandbox {

namespace {

constexpr std::uint32_t bit(int capability) {
  return std::uint32_t{1} << capability;
}

constexpr std::uint32_t needed =
    bit(CAP_SETUID) | bit(CAP_SETGID) | bit(CAP_SYS_CHROOT) | bit(CAP_KILL);

bool is_needed(int capability) {
  return capability < 32 && (needed & bit(capability)) != 0;
}

/// The set stays as it is when a launcher has removed CAP_SETPCAP. That is harmless: with no new
/// privileges, the process cannot get a capability from the set.
void shrink_bounding_set() {
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability)
    if (!is_needed(capability) && prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1 &&
        prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno != EPERM)
      base::throw_errno("prctl bounding set");
}

} // namespace

void harden_listener() {
  const bool is_root = geteuid() == 0;
  if (is_root)
    shrink_bounding_set();
  drop_capabilities(is_root ? needed : 0);
  confine(Role::listener);
}

void harden_listener_of_programs() {
  base::check(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl dumpable");
}

} // namespace sandbox
