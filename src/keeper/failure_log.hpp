// SPDX-License-Identifier: ISC
// Logs the failures with single messages, and says what the front is told.
#pragma once

#include "base/log.hpp"
#include "ipc/answer.hpp"
#include "ipc/request.hpp"
#include "maildir/maildir.hpp"

#include <cstdint>
#include <string_view>
#include <system_error>

namespace keeper {

/// Of one session. `log` must outlive it.
class FailureLog {
 public:
  /// Lines for one session: a client may ask for the same unreadable message for ever.
  static constexpr std::uint32_t most_lines = 20;

  explicit FailureLog(const base::Log& log) : log_(log) {}

  /// Logs `error`, which concerns the file `name`. Permanent when only a person can mend it.
  ipc::Outcome failed(const std::system_error& error, std::string_view name);
  /// Logs that the file `name` is stored in `coding`.
  void coded(pop3::Coding coding, std::string_view name);
  /// Logs that the file `name` has been written to by another program.
  void size_changed(std::string_view name);
  /// Logs what UPDATE could not do.
  void updated(const maildir::Maildir::Outcome& outcome) const;

 private:
  bool has_line() { return ++lines_ <= most_lines; }

  const base::Log& log_;
  std::uint32_t lines_ = 0;
};

/// True when the same call will fail again until a person does something about it.
bool is_permanent(const std::system_error& error);
/// True when the cause is a lack of something that may be there in a moment, or a server of files
/// that is away, and not the message: other errors are those of one file.
bool is_passing(const std::system_error& error);

} // namespace keeper
