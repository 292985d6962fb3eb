// SPDX-License-Identifier: ISC
#include "maildir/maildrop_lock.hpp"

#include "base/address.hpp"
#include "base/system_error.hpp"

#include <array>
#include <charconv>
#include <ctime>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>

namespace maildir {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto lock_file = "sodapop.lock";
constexpr std::chrono::milliseconds pause_between_tries{25};
constexpr std::size_t longest_holder_line = 128;

bool cannot_create(int error) {
  return error == EROFS || error == EACCES || error == ENOSPC || error == EDQUOT;
}

struct LockFile {
  base::UniqueFd fd;
  bool is_directory = false;
};

LockFile open_lock_file(int maildir) {
  base::UniqueFd fd(
      openat(maildir, lock_file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
  if (fd)
    return {std::move(fd), false};
  if (!cannot_create(errno))
    base::throw_errno("cannot open the lock file");
  return {base::UniqueFd(base::check(openat(maildir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                                     "cannot open the Maildir")),
          true};
}

bool try_lock(const LockFile& file) {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  const int result = file.is_directory ? flock(file.fd.get(), LOCK_EX | LOCK_NB)
                                       : fcntl(file.fd.get(), F_OFD_SETLK, &whole);
  if (result != 0 && errno != EAGAIN && errno != EACCES)
    base::throw_errno("cannot lock the maildrop");
  return result == 0;
}

Holder read_holder(const LockFile& file) {
  std::array<char, longest_holder_line> line{};
  const auto size = pread(file.fd.get(), line.data(), line.size(), 0);
  return size > 0 ? parse_holder({line.data(), static_cast<std::size_t>(size)}) : Holder();
}

void write_holder(const LockFile& file, std::string_view from) {
  const auto line = format_holder({std::time(nullptr), std::string(from)});
  // Only a courtesy to others: a full disk must not keep the owner out.
  if (ftruncate(file.fd.get(), 0) == 0) [[maybe_unused]]
    const auto written = pwrite(file.fd.get(), line.data(), line.size(), 0);
}

} // namespace

base::Result<MaildropLock, Holder>
MaildropLock::acquire(int maildir, std::chrono::milliseconds wait, std::string_view from) {
  auto file = open_lock_file(maildir);
  const auto deadline = Clock::now() + wait;
  while (!try_lock(file)) {
    if (Clock::now() >= deadline)
      return base::Refused{read_holder(file)};
    std::this_thread::sleep_for(pause_between_tries);
  }
  if (!file.is_directory)
    write_holder(file, from);
  return MaildropLock(std::move(file.fd));
}

Holder parse_holder(std::string_view line) {
  Holder holder;
  const auto [rest, error] = std::from_chars(line.begin(), line.end(), holder.since);
  if (error != std::errc() || holder.since < 0)
    return {};
  const auto end = std::min(line.find('\n'), line.size());
  const auto used = static_cast<std::size_t>(rest - line.begin());
  if (used < end && line[used] == ' ')
    if (const auto address = base::Address::parse(line.substr(used + 1, end - used - 1)))
      holder.from = address->text();
  return holder;
}

std::string format_holder(const Holder& holder) {
  return std::to_string(holder.since) + " " + holder.from + "\n";
}

} // namespace maildir
