// SPDX-License-Identifier: ISC
// The lock that permits one session at a time. The kernel releases it when the process ends.
#pragma once

#include "base/result.hpp"
#include "base/unique_fd.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace maildir {

/// The session that holds a maildrop, as the lock file says. The file is the user's, so that its
/// contents may be wrong.
struct Holder {
  std::int64_t since = 0; ///< Seconds since 1970; 0 when unknown.
  std::string from;       ///< An IP address; empty when unknown.
  /// It is no session: another program has locked the directory, and the rest is unknown.
  bool is_other_program = false;
  /// It has given the maildrop up for a new login of the user.
  bool is_taken_over = false;
};

/// The user's rights to the maildrop.
enum class Access : std::uint8_t { full, read_only };

/// Two locks on a Maildir. An open file description lock on `sodapop.lock` in it works on local
/// disks and on network file systems and needs no clean-up after a crash. flock(2) on the Maildir
/// itself works when that file cannot be created (a read-only or full disk), and other programs may
/// take this one to keep sessions out. Both are taken when they are available, so that sessions
/// exclude each other whatever the disk's state was when they began. The locks belong to open file
/// descriptions: the process that acquires them must not fork while it holds them.
struct MaildropLock {
  /// Tries until `longest` is over, then gives the holder. Meanwhile the holder can see that it is
  /// wanted, and `step` is called some forty times a second; what it throws ends the wait. `from`
  /// is written to the file for other sessions to read. Throws std::system_error when neither kind
  /// of lock is available.
  static base::Result<MaildropLock, Holder> acquire(
      int maildir, std::chrono::milliseconds longest, std::string_view from,
      Access access = Access::full, const std::function<void()>& step = [] {});

  /// True when a session waits for the maildrop that may take it over: any session from one that is
  /// read-only, and one with full access from any. False where there is no lock file, or no answer.
  bool is_wanted() const;
  /// Writes to the file that this session gives the maildrop up, for the session that gets it.
  void note_taken_over() const;

  base::UniqueFd file;      ///< Empty where it could not be created.
  base::UniqueFd directory; ///< Released first, so that this lock alone is never a session's.
  std::string file_problem; ///< Why there is no lock file, when its name is that of something else.
  Access access = Access::full;
  std::optional<Holder> previous; ///< The session that has given the maildrop up for this one.
};

/// Parse and format the contents of a lock file.
Holder parse_holder(std::string_view text);
std::string format_holder(const Holder& holder);

} // namespace maildir
