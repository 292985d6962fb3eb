// SPDX-License-Identifier: ISC
#include "sandbox/sandbox.hpp"

#include "base/secret.hpp"
#include "base/system_error.hpp"
#include "configuration_paths.hpp"
#include "sandbox/identity.hpp"
#include "sandbox/landlock.hpp"
#include "sandbox/restart_key.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <span>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sandbox {

namespace {

#include "sandbox/seccomp_filters.inc"

struct RoleLimits {
  std::span<const sock_filter> filter;
  rlim_t descriptors;
  rlim_t memory; ///< Octets of address space.
};

constexpr rlim_t mebibyte = rlim_t{1} << 20;

RoleLimits limits_of(Role role) {
  switch (role) {
  // Descriptors 0, 1 and 2, the channel, the messages that are opened ahead, some to spare. The
  // sizes of max_messages need 32 MiB.
  case Role::front: return {front_filter, 16, 256 * mebibyte};
  // Plus the memory of the hash (Needs).
  case Role::verifier: return {verifier_filter, 32, 256 * mebibyte};
  // Limits the descriptors in flight from all keepers of one user to their fronts (unix(7),
  // ETOOMANYREFS). With virtual users these are the keepers of all sessions. The list of the most
  // messages needs 640 MB, and twice that while it is compared with a new one.
  case Role::keeper: return {keeper_filter, 4096, 2048 * mebibyte};
  case Role::listener: break;
  }
  throw std::logic_error("the listener is confined by harden_listener()");
}

/// Seconds of processor time of a process: a front sends, and a keeper reads, some terabytes in it.
/// Ends a process in an attacker's hands that only computes.
constexpr rlim_t processor_seconds = 3600;

// The capabilities of root that a listener and a monitor keep.
constexpr std::uint32_t kept_capabilities =
    1u << CAP_SETUID | 1u << CAP_SETGID | 1u << CAP_SYS_CHROOT | 1u << CAP_KILL;

/// Permits nothing of this resource.
void forbid(__rlimit_resource resource) {
  const rlimit none{0, 0};
  base::check(setrlimit(resource, &none), "setrlimit");
}

/// Sets the soft and the hard limit to `most`, or to the hard limit that the process has when that
/// is lower, for example from a service manager. One call, but for that case.
void limit(__rlimit_resource resource, rlim_t most) {
  const rlimit wanted{most, most};
  rlimit before{};
  if (prlimit(0, resource, &wanted, &before) != 0) // a process without capabilities raises none
    base::check(getrlimit(resource, &before), "getrlimit");
  else if (before.rlim_max >= most)
    return;
  const auto lower = std::min(most, before.rlim_max);
  const rlimit kept{lower, lower};
  base::check(setrlimit(resource, &kept), "setrlimit");
}

/// True when the replies go to a file, as in tests. The front must then be able to write it.
bool writes_a_file() {
  struct stat facts {};
  return fstat(1, &facts) == 0 && S_ISREG(facts.st_mode);
}

void limit_resources(Role role, const RoleLimits& limits, const Needs& needs) {
  forbid(RLIMIT_CORE);
  forbid(RLIMIT_NPROC);
  limit(RLIMIT_CPU, processor_seconds);
  limit(RLIMIT_NOFILE, limits.descriptors);
  if (role != Role::front || !writes_a_file())
    limit(RLIMIT_FSIZE, needs.file_octets);
  if (!SODAPOP_SANITIZED) // a sanitizer's shadow memory has terabytes
    limit(RLIMIT_AS, limits.memory + needs.hash_octets);
}

void install(std::span<const sock_filter> filter) {
  if (SODAPOP_SANITIZED) // sanitizers make calls of their own
    return;
  const sock_fprog program{static_cast<unsigned short>(filter.size()),
                           const_cast<sock_filter*>(filter.data())};
  base::check(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program), "seccomp");
}

/// The listener's filter, behind the steps that depend on this process: with a restart_key, those
/// that permit a restart, and for root those that permit `identities`.
void install_listener_filter(const std::optional<PermittedIdentities>& identities) {
  auto restart = permit_restart(restart_key);
  std::array<sock_filter, restart.size() + identity_filter_steps + std::size(listener_filter)>
      whole;
  const base::Wiper wiper(restart);
  const base::Wiper other_wiper(whole);
  auto* end = whole.begin();
  if (restart_key != 0)
    end = std::ranges::copy(restart, end).out;
  if (identities)
    end = std::ranges::copy(identity_filter(*identities), end).out;
  end = std::ranges::copy(listener_filter, end).out;
  install({whole.begin(), end});
}

/// Forbids tracing and new privileges.
void close_process() {
  base::check(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl dumpable");
  base::check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl no_new_privs");
}

void give_up_privileges(bool is_root) {
  drop_capabilities(is_root ? kept_capabilities : 0);
  close_process();
  forbid(RLIMIT_CORE);
}

/// The set stays as it is when a launcher has removed CAP_SETPCAP. That is harmless: with no new
/// privileges, the process cannot get a capability from the set.
void shrink_bounding_set() {
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability) {
    const bool is_kept = capability < 32 && (kept_capabilities >> capability & 1) != 0;
    if (!is_kept && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno != EPERM)
      base::throw_errno("prctl bounding set");
  }
}

} // namespace

bool confine(Role role, int maildir, config::Settings::Sandbox policy, const Needs& needs) {
  const auto limits = limits_of(role);
  close_process();
  const bool has_landlock = restrict_by_landlock(maildir);
  if (!has_landlock && policy == config::Settings::Sandbox::require)
    throw std::runtime_error("this kernel has no Landlock, and sandbox = require");
  limit_resources(role, limits, needs);
  install(limits.filter);
  return has_landlock;
}

void close_all_but(int kept) {
  constexpr unsigned first = 3; // the standard ones stay
  const auto before = static_cast<unsigned>(std::max(kept, 2));
  if (before > first)
    base::check(close_range(first, before - 1, 0), "close_range");
  base::check(close_range(before + 1, ~0U, 0), "close_range");
}

void harden_listener(const std::optional<PermittedIdentities>& identities) {
  if (identities)
    shrink_bounding_set();
  give_up_privileges(identities.has_value());
  if (restart_key != 0)
    return; // the filter is there from before the restart
  base::check(getentropy(&restart_key, sizeof restart_key), "getrandom");
  install_listener_filter(identities);
}

void harden_monitor(const std::optional<PermittedIdentities>& identities) {
  give_up_privileges(identities.has_value());
  install_listener_filter(identities);
}

} // namespace sandbox
