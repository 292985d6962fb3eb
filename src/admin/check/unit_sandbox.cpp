// SPDX-License-Identifier: ISC
#include "admin/check/unit_sandbox.hpp"

#include "admin/check/key_values.hpp"
#include "admin/check/unit_command.hpp"
#include "base/split.hpp"
#include "base/system_error.hpp"
#include "base/unique_fd.hpp"

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <charconv>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace admin {

namespace {

/// In the order of their numbers, linux/capability.h.
constexpr std::string_view capabilities[] = {"chown",
                                             "dac_override",
                                             "dac_read_search",
                                             "fowner",
                                             "fsetid",
                                             "kill",
                                             "setgid",
                                             "setuid",
                                             "setpcap",
                                             "linux_immutable",
                                             "net_bind_service",
                                             "net_broadcast",
                                             "net_admin",
                                             "net_raw",
                                             "ipc_lock",
                                             "ipc_owner",
                                             "sys_module",
                                             "sys_rawio",
                                             "sys_chroot",
                                             "sys_ptrace",
                                             "sys_pacct",
                                             "sys_admin",
                                             "sys_boot",
                                             "sys_nice",
                                             "sys_resource",
                                             "sys_time",
                                             "sys_tty_config",
                                             "mknod",
                                             "lease",
                                             "audit_write",
                                             "audit_control",
                                             "setfcap",
                                             "mac_override",
                                             "mac_admin",
                                             "syslog",
                                             "wake_alarm",
                                             "block_suspend",
                                             "audit_read",
                                             "perfmon",
                                             "bpf",
                                             "checkpoint_restore"};

/// Whether the unit leaves that capability to its processes.
bool keeps(const Section& service, std::string_view capability) {
  constexpr auto key = "CapabilityBoundingSet";
  bool kept = std::ranges::none_of(service.entries, [&](auto& one) { return one.first == key; });
  for (std::string_view names : service.values(key)) {
    const bool is_inverted = base::take_prefix(names, "~");
    const auto words = base::words_of(boost::algorithm::to_lower_copy(std::string(names)));
    const auto word = std::string("cap_").append(capability);
    const bool is_named = std::ranges::find(words, word) != words.end();
    kept = is_inverted ? !is_named : kept || is_named;
  }
  return kept;
}

void drop_capabilities(const Section& service) {
  for (unsigned long number = 0; number < std::size(capabilities); ++number)
    if (!keeps(service, capabilities[number]))
      ::prctl(PR_CAPBSET_DROP, number, 0, 0, 0); // an old kernel may not have the last ones
}

/// A directory as it is now, for a later mount at the same place.
struct Kept {
  std::string path;
  base::UniqueFd tree;
};

Kept keep(const std::string& path) {
  return {path, base::UniqueFd(
                    base::check(::open_tree(AT_FDCWD, path.c_str(),
                                            OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE),
                                path))};
}

void put_back(const Kept& kept) {
  base::check(
      ::move_mount(kept.tree.get(), "", AT_FDCWD, kept.path.c_str(), MOVE_MOUNT_F_EMPTY_PATH),
      kept.path);
}

/// Makes all that is mounted at and below `path` read-only. A path that is missing is left out.
void make_read_only(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0)
    return;
  if (path != "/")
    put_back(keep(path));
  struct mount_attr change {};
  change.attr_set = MOUNT_ATTR_RDONLY;
  base::check(::mount_setattr(AT_FDCWD, path.c_str(), AT_RECURSIVE, &change, sizeof change), path);
}

void mount_empty(const char* path, const char* mode) {
  if (::access(path, F_OK) == 0)
    base::check(::mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, mode), path);
}

/// The paths of a list. One with a dash in front may be missing, and is then left out.
std::vector<std::string> paths_of(const Section& service, const std::string& unit,
                                  std::string_view key) {
  std::vector<std::string> paths;
  for (const auto& value : service.values(key))
    for (std::string_view word : quoted_words(without_specifiers(value, unit))) {
      const bool may_be_missing = base::take_prefix(word, "-");
      base::take_prefix(word, "+");
      const std::string path(word);
      if (!may_be_missing || ::access(path.c_str(), F_OK) == 0)
        paths.push_back(path);
    }
  return paths;
}

/// The places that a unit may write to, whatever ProtectSystem says; its directories are made.
std::vector<std::string> writable_paths(const Section& service, const std::string& unit) {
  auto paths = paths_of(service, unit, "ReadWritePaths");
  for (const auto& [key, parent] : {std::pair("RuntimeDirectory", "/run/"),
                                    {"StateDirectory", "/var/lib/"},
                                    {"LogsDirectory", "/var/log/"}})
    for (const auto& value : service.values(key))
      for (const auto& name : quoted_words(value))
        if (const auto path = parent + name; ::access(path.c_str(), F_OK) == 0)
          paths.push_back(path);
  return paths;
}

void hide_home(const std::string& how) {
  for (const auto* const path : {"/home", "/root", "/run/user"})
    if (how == "read-only")
      make_read_only(path);
    else
      mount_empty(path, how == "tmpfs" ? "mode=0755" : "mode=0000");
}

void mount_for(const Section& service, const std::string& unit) {
  const auto is_on = [&](std::string_view key) { return is_true_word(service.value(key)); };
  if (is_on("PrivateTmp"))
    for (const auto* const path : {"/tmp", "/var/tmp"})
      mount_empty(path, "mode=1777");
  if (const auto home = service.value("ProtectHome");
      is_true_word(home) || home == "tmpfs" || home == "read-only")
    hide_home(home);
  const auto how = service.value("ProtectSystem");
  std::vector<Kept> kept;
  std::ranges::transform(writable_paths(service, unit), std::back_inserter(kept), keep);
  if (how == "strict") {
    for (const auto* const path : {"/dev", "/proc", "/sys", "/home", "/root", "/run/user"})
      if (::access(path, F_OK) == 0)
        kept.push_back(keep(path)); // as ProtectHome has left it
    if (is_on("PrivateTmp"))
      std::ranges::transform(std::vector<std::string>{"/tmp", "/var/tmp"}, std::back_inserter(kept),
                             keep);
    make_read_only("/");
  } else if (how == "full" || is_true_word(how)) {
    for (const auto* const path : {"/usr", "/boot", "/efi"})
      make_read_only(path);
    if (how == "full")
      make_read_only("/etc");
  }
  for (const auto& path : paths_of(service, unit, "ReadOnlyPaths"))
    make_read_only(path);
  std::ranges::for_each(kept, put_back);
}

void become_account(const base::Identity& account, const std::vector<gid_t>& groups) {
  base::check(::setgroups(groups.size(), groups.data()), "setgroups");
  base::check(::setresgid(account.gid, account.gid, account.gid), "setresgid");
  base::check(::setresuid(account.uid, account.uid, account.uid), "setresuid");
}

} // namespace

void enter_unit(const Launcher& launcher, const base::Identity& account,
                const std::vector<gid_t>& groups) {
  const Section service{launcher.service, launcher.service_lines};
  if (const auto mask = service.value("UMask"); !mask.empty()) {
    unsigned value = 0;
    std::from_chars(mask.data(), mask.data() + mask.size(), value, 8);
    ::umask(value);
  }
  if (::geteuid() != 0)
    return;
  if (::unshare(CLONE_NEWNS) == 0 &&
      ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0)
    mount_for(service, launcher.service);
  drop_capabilities(service);
  become_account(account, groups);
}

} // namespace admin
