// SPDX-License-Identifier: ISC
#include "state/line_budget.hpp"

#include "base/system_error.hpp"
#include "state/private_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace state {

namespace {

/// As in the file; its numbers have the byte order of this machine.
struct LineCount {
  std::int64_t second = 0;
  std::uint64_t logged = 0; ///< In that second.
  std::uint64_t suppressed = 0;
  std::int64_t suppressed_since = 0; ///< The second of the first one.

  void suppress(std::int64_t now) {
    if (suppressed++ == 0)
      suppressed_since = now;
  }
};

/// The count, as long as this object has the lock on it. A short file is a count of zero.
class LockedCount {
 public:
  explicit LockedCount(const std::string& runtime_directory) {
    const auto path = runtime_directory + "/connect-lines";
    auto file = open_private(path);
    if (!file)
      base::throw_errno(path, EPERM);
    file_ = std::move(*file);
    struct flock lock {};
    lock.l_type = F_WRLCK;
    base::check(::fcntl(file_.get(), F_OFD_SETLKW, &lock), "lock connect-lines");
    if (base::check(::pread(file_.get(), &count, sizeof count, 0), "read connect-lines") !=
        sizeof count)
      count = {};
  }
  void store() const {
    base::check(::pwrite(file_.get(), &count, sizeof count, 0), "write connect-lines");
  }

  LineCount count;

 private:
  base::UniqueFd file_;
};

} // namespace

LineTurn take_line_turn(const std::string& runtime_directory, std::int64_t second) {
  LockedCount locked(runtime_directory);
  auto& count = locked.count;
  if (std::exchange(count.second, second) != second)
    count.logged = 0;
  const bool is_logged = count.logged < logged_a_second;
  const LineTurn turn{is_logged, is_logged ? std::exchange(count.suppressed, 0) : 0};
  if (is_logged)
    ++count.logged;
  else
    count.suppress(second);
  locked.store();
  return turn;
}

std::uint64_t suppress_connection(const std::string& runtime_directory, std::int64_t second) {
  LockedCount locked(runtime_directory);
  auto& count = locked.count;
  count.suppress(second);
  const auto waited = second - count.suppressed_since;
  const bool is_due = waited >= longest_untold || waited < 0; // negative after a reboot
  const auto told = is_due ? std::exchange(count.suppressed, 0) : 0;
  locked.store();
  return told;
}

std::uint64_t take_suppressed(const std::string& runtime_directory) {
  LockedCount locked(runtime_directory);
  const auto suppressed = std::exchange(locked.count.suppressed, 0);
  locked.store();
  return suppressed;
}

} // namespace state
