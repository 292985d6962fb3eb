// SPDX-License-Identifier: ISC
#include "sandbox/identity.hpp"

#include "base/system_error.hpp"

#include <array>
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdexcept>
#include <string_view>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sysexits.h>
#include <unistd.h>

namespace sandbox {

namespace {

struct CapabilitySets {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> data{};

  void read() { base::check(syscall(SYS_capget, &header, data.data()), "capget"); }
  void write() { base::check(syscall(SYS_capset, &header, data.data()), "capset"); }
};

bool has_permitted_capability() {
  CapabilitySets sets;
  sets.read();
  return (sets.data[0].permitted | sets.data[1].permitted) != 0;
}

/// With none of its three uids and gids root's and no capability, no system call makes the process
/// root again. An attempt would be no better proof, and a filter may make it deadly.
void verify_root_is_given_up(const base::Identity& who) {
  uid_t real_uid, effective_uid, saved_uid;
  gid_t real_gid, effective_gid, saved_gid;
  base::check(getresuid(&real_uid, &effective_uid, &saved_uid), "getresuid");
  base::check(getresgid(&real_gid, &effective_gid, &saved_gid), "getresgid");
  const bool is_who = real_uid == who.uid && effective_uid == who.uid && saved_uid == who.uid &&
                      real_gid == who.gid && effective_gid == who.gid && saved_gid == who.gid;
  if (!is_who || has_permitted_capability())
    throw std::runtime_error("root was not given up");
}

/// An empty directory has only the entries `.` and `..`, for which a small block is enough.
bool is_empty(int directory) {
  alignas(dirent64) std::array<char, 512> block;
  ssize_t size = 0;
  while ((size = base::check(getdents64(directory, block.data(), block.size()), "getdents")) > 0)
    for (ssize_t offset = 0; offset < size;) {
      const auto* entry = reinterpret_cast<const dirent64*>(block.data() + offset);
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..")
        return false;
      offset += entry->d_reclen;
    }
  return true;
}

} // namespace

base::Identity front_identity(const std::string& account) {
  const auto found = base::find_account(account);
  if (!found)
    throw std::runtime_error("there is no account " + account + " in /etc/passwd");
  if (found->identity.uid == 0)
    throw std::runtime_error("the account " + account + " is root's");
  return found->identity;
}

void become(const base::Identity& who) {
  if (who.uid == 0 || who.gid == 0)
    throw std::runtime_error("refusing to stay root");
  base::check(setgroups(1, &who.gid), "setgroups");
  base::check(setresgid(who.gid, who.gid, who.gid), "setresgid");
  base::check(setresuid(who.uid, who.uid, who.uid), "setresuid");
  drop_capabilities();
  verify_root_is_given_up(who);
}

base::Result<base::UniqueFd, int> enter_directory(const std::string& path,
                                                  const base::Identity& who) {
  base::check(setgroups(1, &who.gid), "setgroups");
  setfsgid(who.gid);
  setfsuid(who.uid);
  constexpr auto unchanged = static_cast<uid_t>(-1); // tells the value in force
  if (setfsuid(unchanged) != static_cast<int>(who.uid) ||
      setfsgid(unchanged) != static_cast<int>(who.gid))
    throw std::system_error(EPERM, std::generic_category(), "setfsuid");
  base::UniqueFd directory(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory)
    return base::Refused{errno};
  base::check(fchdir(directory.get()), "fchdir");
  base::check(chroot("."), "chroot");
  return directory;
}

void enter_account(const std::optional<base::Identity>& account, const std::string& root,
                   pid_t monitor) {
  if (account) {
    enter_empty_root(root);
    become(*account);
  }
  base::check(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "prctl");
  if (getppid() != monitor) // it had ended before
    _exit(EX_OK);
}

void drop_capabilities(std::uint32_t kept) {
  base::check(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "prctl ambient");
  CapabilitySets sets;
  if (kept != 0)
    sets.read();
  const auto left = sets.data[0].permitted & kept;
  sets.data = {{{.effective = left, .permitted = left, .inheritable = 0}, {}}};
  sets.write();
}

base::UniqueFd open_empty_root(const std::string& path) {
  base::UniqueFd fd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  struct stat facts {};
  if (!fd || fstat(fd.get(), &facts) != 0)
    base::throw_errno("cannot open the chroot " + path);
  if (facts.st_uid != 0 || (facts.st_mode & 022) != 0 || !is_empty(fd.get()))
    throw std::runtime_error("the chroot " + path +
                             " must be empty, owned by root and writable only by root");
  return fd;
}

void enter_empty_root(const std::string& path) {
  const auto fd = open_empty_root(path);
  base::check(fchdir(fd.get()), "fchdir");
  base::check(chroot("."), "chroot");
}

} // namespace sandbox
