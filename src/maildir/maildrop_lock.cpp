// SPDX-License-Identifier: ISC
#include "maildir/maildrop_lock.hpp"

#include "base/address.hpp"
#include "base/file_identity.hpp"
#include "base/system_error.hpp"
#include "base/time_of_day.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/file.h>
#include <thread>

namespace maildir {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto lock_file = "sodapop.lock";
constexpr std::chrono::milliseconds pause_between_tries{25};
constexpr std::size_t longest_holder_line = 128;

/// How often the lock file may be replaced by other programs while we lock it.
constexpr int max_replacements = 4;

/// The file is empty where it cannot be created, or where its name is that of something else; of
/// the latter the problem tells.
struct LockFile {
  base::UniqueFd fd;
  std::string problem;
};

LockFile open_lock_file(int maildir) {
  LockFile file{
      base::UniqueFd(
          openat(maildir, lock_file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600)),
      {}};
  if (file.fd || errno == EROFS || errno == EACCES || errno == ENOSPC || errno == EDQUOT)
    return file;
  if (errno != ELOOP && errno != EISDIR && errno != ENXIO && errno != EPERM)
    base::throw_errno("cannot open the lock file");
  file.problem = std::string(lock_file) + ": " + std::strerror(errno);
  return file;
}

enum class Attempt { got, busy, unsupported };

Attempt outcome_of(int result) {
  if (result == 0)
    return Attempt::got;
  return errno == EAGAIN || errno == EACCES ? Attempt::busy : Attempt::unsupported;
}

/// Takes all supported locks or none. Throws when the file system supports neither kind. `file` may
/// be missing.
bool try_locks(int directory, int file) {
  const auto first = outcome_of(flock(directory, LOCK_EX | LOCK_NB));
  if (first == Attempt::busy)
    return false;
  struct flock whole {};
  whole.l_type = F_WRLCK;
  const auto second =
      file < 0 ? Attempt::unsupported : outcome_of(fcntl(file, F_OFD_SETLK, &whole));
  if (first == Attempt::unsupported && second == Attempt::unsupported)
    base::throw_errno("cannot lock the maildrop");
  if (first == Attempt::got && second == Attempt::busy)
    flock(directory, LOCK_UN);
  return second != Attempt::busy;
}

Holder read_holder(int file) {
  // A session that has locked the directory has locked the file as well.
  struct flock whole {};
  whole.l_type = F_WRLCK;
  if (fcntl(file, F_OFD_GETLK, &whole) == 0 && whole.l_type == F_UNLCK)
    return {.is_other_program = true};
  std::array<char, longest_holder_line> line{};
  const auto size = pread(file, line.data(), line.size(), 0);
  return size > 0 ? parse_holder({line.data(), static_cast<std::size_t>(size)}) : Holder();
}

/// Nothing, and the locks, when a session has just ended: it would look like another program.
std::optional<Holder> holder_unless_gone(int directory, int file) {
  const auto holder = read_holder(file);
  return holder.is_other_program && try_locks(directory, file) ? std::nullopt
                                                               : std::optional(holder);
}

/// Takes all supported locks, by the deadline. Gives the holder that still has them then.
std::optional<Holder> wait_for_locks(int directory, int file, Clock::time_point deadline) {
  while (!try_locks(directory, file)) {
    if (Clock::now() >= deadline)
      return holder_unless_gone(directory, file);
    std::this_thread::sleep_for(pause_between_tries);
  }
  return {};
}

void write_holder(int file, std::string_view from) {
  auto record = format_holder({base::seconds_since_1970(), std::string(from)});
  record.resize(longest_holder_line, '\n'); // overwrites the rest of a longer line
  // The line is only information for other sessions: a full disk must not stop this one.
  [[maybe_unused]] const auto written = pwrite(file, record.data(), record.size(), 0);
}

} // namespace

base::Result<MaildropLock, Holder>
MaildropLock::acquire(int maildir, std::chrono::milliseconds wait, std::string_view from) {
  base::UniqueFd directory(base::check(openat(maildir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                                       "cannot open the Maildir"));
  auto file = open_lock_file(maildir);
  const auto deadline = Clock::now() + wait;
  for (int replacements = 0;; ++replacements) {
    if (const auto holder = wait_for_locks(directory.get(), file.fd.get(), deadline))
      return base::Refused{*holder};
    if (!file.fd || base::is_named(file.fd.get(), lock_file, maildir) ||
        replacements == max_replacements)
      break;
    file = open_lock_file(maildir); // other sessions lock the file that has the name now
  }
  write_holder(file.fd.get(), from);
  return MaildropLock{std::move(file.fd), std::move(directory), std::move(file.problem)};
}

Holder parse_holder(std::string_view line) {
  line = line.substr(0, line.find('\n'));
  Holder holder;
  const auto [rest, error] = std::from_chars(line.begin(), line.end(), holder.since);
  if (error != std::errc() || holder.since < 0)
    return {};
  if (rest != line.end() && *rest == ' ')
    if (const auto address = base::Address::parse({rest + 1, line.end()}))
      holder.from = address->text();
  return holder;
}

std::string format_holder(const Holder& holder) {
  return std::to_string(holder.since) + " " + holder.from + "\n";
}

} // namespace maildir
