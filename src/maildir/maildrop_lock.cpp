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
constexpr std::size_t holder_octets = 128; // of what a session writes to the lock file
constexpr std::string_view taken_over = "taken-over\n";

// A session locks the first octets_of_maildrop octets of the lock file to have the maildrop. While
// it waits for them it has a shared lock on one of the two octets behind them: on the first if it
// may take the maildrop over from any session, on the second if only from a read-only one.
constexpr off_t octets_of_maildrop = off_t{1} << 30;
constexpr off_t waiting_for_any = octets_of_maildrop;
constexpr off_t waiting_for_read_only = waiting_for_any + 1;

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

/// As fcntl(2) takes it, for locks of open file descriptions.
struct flock range(short type, off_t start, off_t octets) {
  struct flock range {};
  range.l_type = type;
  range.l_start = start;
  range.l_len = octets;
  return range;
}

struct flock maildrop_range() {
  return range(F_WRLCK, 0, octets_of_maildrop);
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
  auto maildrop = maildrop_range();
  const auto second =
      file < 0 ? Attempt::unsupported : outcome_of(fcntl(file, F_OFD_SETLK, &maildrop));
  if (first == Attempt::unsupported && second == Attempt::unsupported)
    base::throw_errno("cannot lock the maildrop");
  if (first == Attempt::got && second == Attempt::busy)
    flock(directory, LOCK_UN);
  return second != Attempt::busy;
}

Holder read_file(int file) {
  std::array<char, holder_octets> text{};
  const auto size = pread(file, text.data(), text.size(), 0);
  return size > 0 ? parse_holder({text.data(), static_cast<std::size_t>(size)}) : Holder();
}

Holder read_holder(int file) {
  // A session that has locked the directory has locked the file as well.
  auto maildrop = maildrop_range();
  if (fcntl(file, F_OFD_GETLK, &maildrop) == 0 && maildrop.l_type == F_UNLCK)
    return {.is_other_program = true};
  return read_file(file);
}

/// Shows the holder that a session waits, until that session's end. A failure only means that the
/// holder does not give way.
void ask(int file, Access access) {
  auto octet = range(F_RDLCK, access == Access::full ? waiting_for_any : waiting_for_read_only, 1);
  fcntl(file, F_OFD_SETLK, &octet);
}

/// The session that has given the maildrop up for this one, which has waited and has it now.
std::optional<Holder> previous_session(int file) {
  auto previous = read_file(file);
  return previous.is_taken_over ? std::optional(std::move(previous)) : std::nullopt;
}

/// Nothing, and the locks, when a session has just ended: it would look like another program.
std::optional<Holder> holder_unless_gone(int directory, int file) {
  const auto holder = read_holder(file);
  return holder.is_other_program && try_locks(directory, file) ? std::nullopt
                                                               : std::optional(holder);
}

struct Wait {
  Clock::time_point deadline;
  Access access;
  const std::function<void()>& step;
  bool has_asked = false;
};

/// Takes all supported locks, by the deadline. Gives the holder that still has them then.
std::optional<Holder> wait_for_locks(int directory, int file, Wait& wait) {
  while (!try_locks(directory, file)) {
    if (Clock::now() >= wait.deadline)
      return holder_unless_gone(directory, file);
    ask(file, wait.access);
    wait.has_asked = true;
    wait.step();
    std::this_thread::sleep_for(pause_between_tries);
  }
  return {};
}

void write_holder(int file, const Holder& holder) {
  auto text = format_holder(holder);
  text.resize(holder_octets, '\n'); // overwrites the rest of a longer text
  // It is only information for other sessions: a full disk must not stop this one.
  [[maybe_unused]] const auto written = pwrite(file, text.data(), text.size(), 0);
}

} // namespace

base::Result<MaildropLock, Holder> MaildropLock::acquire(int maildir,
                                                         std::chrono::milliseconds longest,
                                                         std::string_view from, Access access,
                                                         const std::function<void()>& step) {
  base::UniqueFd directory(base::check(openat(maildir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                                       "cannot open the Maildir"));
  auto file = open_lock_file(maildir);
  Wait wait{Clock::now() + longest, access, step};
  for (int replacements = 0;; ++replacements) {
    if (const auto holder = wait_for_locks(directory.get(), file.fd.get(), wait))
      return base::Refused{*holder};
    if (!file.fd || base::is_named(file.fd.get(), lock_file, maildir) ||
        replacements == max_replacements)
      break;
    file = open_lock_file(maildir); // other sessions lock the file that has the name now
  }
  auto previous = wait.has_asked ? previous_session(file.fd.get()) : std::nullopt;
  write_holder(file.fd.get(), {base::seconds_since_1970(), std::string(from)});
  return MaildropLock{std::move(file.fd), std::move(directory), std::move(file.problem), access,
                      std::move(previous)};
}

bool MaildropLock::is_wanted() const {
  auto octets = range(F_WRLCK, waiting_for_any, access == Access::read_only ? 2 : 1);
  return file && fcntl(file.get(), F_OFD_GETLK, &octets) == 0 && octets.l_type != F_UNLCK;
}

void MaildropLock::note_taken_over() const {
  auto holder = read_file(file.get());
  holder.is_taken_over = true;
  write_holder(file.get(), holder);
}

Holder parse_holder(std::string_view text) {
  const auto line = text.substr(0, text.find('\n'));
  Holder holder;
  const auto [rest, error] = std::from_chars(line.begin(), line.end(), holder.since);
  if (error != std::errc() || holder.since < 0)
    return {};
  if (rest != line.end() && *rest == ' ')
    if (const auto address = base::Address::parse({rest + 1, line.end()}))
      holder.from = address->text();
  holder.is_taken_over = text.substr(line.size()).starts_with("\n" + std::string(taken_over));
  return holder;
}

std::string format_holder(const Holder& holder) {
  auto text = std::to_string(holder.since) + " " + holder.from + "\n";
  if (holder.is_taken_over)
    text += taken_over;
  return text;
}

} // namespace maildir
