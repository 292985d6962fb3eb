// SPDX-License-Identifier: ISC
// The log: one line an event, `key=value`, to syslog, a descriptor or a file.
#pragma once

#include "base/unique_fd.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace base {

enum class Level { error = 3, warning = 4, info = 6 }; ///< syslog's numbers (RFC 5424, 6.2.1).

/// One event under construction. Values are escaped: bytes outside 0x21-0x7e, quotes and
/// backslashes become \xHH, and what is longer than 256 bytes is cut, so that no client can forge a
/// line.
class Event {
 public:
  explicit Event(std::string_view name, Level level = Level::info);

  Event& with(std::string_view key, std::string_view value);
  Event& with(std::string_view key, std::uint64_t value);
  /// For our own words, never a client's: in quotes, with its blanks.
  Event& with_quoted(std::string_view key, std::string_view sentence);

  const std::string& text() const { return text_; }
  Level level() const { return level_; }

 private:
  std::string text_;
  Level level_;
};

/// Where events go. Writing never throws and never blocks a session for long: a line that cannot be
/// written is lost, since a full disk must not keep anybody from their mail.
class Log {
 public:
  /// A log that swallows everything.
  Log() = default;

  /// `target` is syslog, stderr or an absolute path (created with mode 0600). With syslog, /dev/log
  /// is connected now, as a sandboxed process cannot do it later; where it is missing, lines go to
  /// descriptor 2 as with stderr. Throws std::system_error when a named file cannot be opened.
  static Log open(const std::string& target, std::string_view program);

  void write(const Event& event) const noexcept;

  /// What every later line of this process carries in front of its own fields.
  void set_context(std::string context) { context_ = std::move(context); }
  /// The descriptor in use; negative when there is none.
  int fd() const { return fd_.get(); }

 private:
  UniqueFd fd_;
  bool syslog_ = false;
  std::string program_;
  std::string context_;
};

/// The escaping of Event values, by itself.
std::string escaped(std::string_view value);

} // namespace base
