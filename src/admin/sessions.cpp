// SPDX-License-Identifier: ISC
#include "admin/sessions.hpp"

#include "base/system_error.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <sstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <thread>

namespace admin {

namespace {

constexpr std::size_t digits_of_name = 4;
// The kernel gives its list in pieces, so that a lock may be missing when others come and go.
constexpr int reads_of_locks = 5;
constexpr std::chrono::milliseconds pause_between_reads{20};

using Directory = std::unique_ptr<DIR, int (*)(DIR*)>;

Directory open_directory(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  return {fd < 0 ? nullptr : ::fdopendir(fd), ::closedir};
}

bool is_place(std::string_view name) {
  return name.size() == digits_of_name &&
         name.find_first_not_of("0123456789") == std::string_view::npos;
}

/// True while another process holds the lock. Otherwise this call takes it, until `fd` is closed.
bool is_held(int fd) {
  return ::flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

/// Reads a second time, as the first read may meet a record that is being written.
std::optional<state::SessionRecord> read_record(int fd) {
  std::array<char, state::session_record_octets + 1> text;
  std::optional<state::SessionRecord> record;
  for (int tries = 0; tries < 2 && !record; ++tries) {
    const auto octets = std::max(::pread(fd, text.data(), text.size(), 0), ssize_t{0});
    record = state::parse_session({text.data(), static_cast<std::size_t>(octets)});
  }
  return record;
}

/// The device of the mounted file system, which the list of locks names. That of stat(2) is another
/// one on overlayfs, where it stands for a layer, and on btrfs, where it stands for a subvolume.
dev_t device_of_mount(int directory) {
  struct statx facts {};
  base::check(::statx(directory, "", AT_EMPTY_PATH, STATX_MNT_ID, &facts), "statx");
  std::ifstream mounts("/proc/self/mountinfo"); // `36 35 0:29 / /run ...`, see proc(5)
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream fields(line);
    std::uint64_t id = 0, parent = 0;
    unsigned major_number = 0, minor_number = 0;
    char colon = 0;
    if (fields >> id >> parent >> major_number >> colon >> minor_number && id == facts.stx_mnt_id)
      return makedev(major_number, minor_number);
  }
  return makedev(facts.stx_dev_major, facts.stx_dev_minor);
}

/// Looks for a line like `7: FLOCK  ADVISORY  WRITE 4711 00:1a:1234 0 EOF` (proc(5)).
bool has_locked(const OpenSession& session, const std::string& locks) {
  std::array<char, 80> lock{};
  std::snprintf(lock.data(), lock.size(), " WRITE %jd %02x:%02x:%ju ",
                std::intmax_t{session.record.pid}, major(session.device), minor(session.device),
                std::uintmax_t{session.inode});
  std::ifstream list(locks);
  for (std::string line; std::getline(list, line);)
    if (line.find(" FLOCK ") != line.npos && line.find(lock.data()) != line.npos)
      return true;
  return false;
}

} // namespace

std::vector<OpenSession>
open_sessions(const config::Settings& settings,
              const std::function<void(const std::string& path)>& on_bad_record) {
  std::vector<OpenSession> sessions;
  const auto path = state::sessions_directory(settings.runtime_directory);
  const auto directory = open_directory(path);
  if (!directory && errno != ENOENT)
    base::throw_errno(path);
  const auto device = directory ? device_of_mount(::dirfd(directory.get())) : dev_t{0};
  while (const auto* entry = directory ? ::readdir(directory.get()) : nullptr) {
    const base::UniqueFd file(is_place(entry->d_name)
                                  ? ::openat(::dirfd(directory.get()), entry->d_name,
                                             O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
                                  : -1);
    struct stat facts;
    if (!file || ::fstat(file.get(), &facts) != 0 || !is_held(file.get()))
      continue;
    if (auto record = read_record(file.get()))
      sessions.push_back({std::move(*record), device, facts.st_ino});
    else
      on_bad_record(path + "/" + entry->d_name);
  }
  std::ranges::stable_sort(sessions, {}, [](const auto& one) { return one.record.since; });
  return sessions;
}

base::UniqueFd process_of(const OpenSession& session, const std::string& locks) {
  // Not ::pidfd_open(), which the C library of Debian 12 declares without extern "C".
  base::UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, session.record.pid, 0)));
  for (int read = 0; process && read < reads_of_locks; ++read) {
    if (read > 0)
      std::this_thread::sleep_for(pause_between_reads);
    if (has_locked(session, locks))
      return process;
  }
  return {};
}

} // namespace admin
