// SPDX-License-Identifier: ISC
#include "maildir/folder.hpp"

#include "base/system_error.hpp"

#include <array>
#include <cstddef>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace maildir {

namespace {

constexpr std::size_t list_block = 32 * 1024;
constexpr const char* cannot_list = "cannot list the Maildir";

/// Where the file system's directories have no types of files, each file has to be looked at. One
/// that was removed meanwhile is none. Throws when the look fails, as a message must not be
/// missing.
bool is_regular(int folder, const dirent64& entry) {
  if (entry.d_type != DT_UNKNOWN)
    return entry.d_type == DT_REG;
  struct stat facts {};
  if (fstatat(folder, entry.d_name, &facts, AT_SYMLINK_NOFOLLOW) == 0)
    return S_ISREG(facts.st_mode);
  if (errno != ENOENT)
    base::throw_errno("cannot look at a message");
  return false;
}

} // namespace

std::uint64_t fingerprint(std::uint64_t length, const timespec& modified) {
  constexpr std::uint64_t spread = 0x9e3779b97f4a7c15; // 2^64 / golden ratio
  constexpr std::uint64_t nanoseconds = 1'000'000'000;
  return length * spread ^ (static_cast<std::uint64_t>(modified.tv_sec) * nanoseconds +
                            static_cast<std::uint64_t>(modified.tv_nsec));
}

base::UniqueFd open_folder(int parent, const char* name) {
  return base::UniqueFd(openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
}

// Boost.Filesystem lists by path, and readdir(3) opens a directory anew, which takes longer than
// listing a hundred names. This is the directory that is already open.
void for_each_file(int folder, const std::function<void(std::string_view, std::uint64_t)>& visit,
                   const std::function<void()>& before_block) {
  alignas(dirent64) static std::array<char, list_block> block;
  base::check(lseek(folder, 0, SEEK_SET), cannot_list);
  while (const auto octets =
             base::check(getdents64(folder, block.data(), block.size()), cannot_list)) {
    before_block();
    for (ssize_t at = 0; at < octets;) {
      const auto& entry = reinterpret_cast<const dirent64&>(block[static_cast<std::size_t>(at)]);
      if (entry.d_name[0] != '.' && is_regular(folder, entry))
        visit(entry.d_name, entry.d_ino);
      at += entry.d_reclen;
    }
  }
}

bool is_before(const timespec& time, const timespec& other) {
  return std::pair(time.tv_sec, time.tv_nsec) < std::pair(other.tv_sec, other.tv_nsec);
}

bool is_made_before(const timespec& time, int folder, const char* name) {
  struct statx facts {};
  if (statx(folder, name, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &facts) != 0 ||
      (facts.stx_mask & STATX_BTIME) == 0)
    return false;
  return is_before({facts.stx_btime.tv_sec, facts.stx_btime.tv_nsec}, time);
}

bool rename_without_loss(int from, const char* old_name, int to, const char* new_name) {
  if (renameat2(from, old_name, to, new_name, RENAME_NOREPLACE) == 0)
    return true;
  if (errno != EINVAL && errno != ENOSYS)
    return false;
  // Network file systems do not know the flag; linkat(2) does not replace a file either.
  if (linkat(from, old_name, to, new_name, 0) != 0) {
    if (errno == EPERM || errno == ENOSYS) // EPERM: no hard links, link(2)
      errno = EOPNOTSUPP;
    return false;
  }
  // An old name that stays is a failure: the message has two files, of which UPDATE removes one, so
  // that it comes back when it is deleted. The new name stays as well: to remove it could lose the
  // message, as a network file system may have removed the old name and failed all the same.
  return unlinkat(from, old_name, 0) == 0 || errno == ENOENT;
}

} // namespace maildir
