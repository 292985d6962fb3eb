// SPDX-License-Identifier: ISC
// The log: one line of `key=value` pairs for each event, to syslog, a descriptor or a file.
#pragma once

#include "base/unique_fd.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace base {

enum class Level { error = 3, warning = 4, info = 6 }; ///< syslog's numbers (RFC 5424, 6.2.1).

/// One event, to which fields are added. Values are escaped, so that no client can forge a line:
/// bytes outside 0x21-0x7e, quotes and backslashes become \xHH. Values longer than 256 bytes are
/// cut.
class Event {
 public:
  explicit Event(std::string_view name, Level level = Level::info);
  /// With the field `reason` and, unless it is empty, the field `problem` in quotes.
  Event(std::string_view name, Level level, std::string_view reason, std::string_view problem = "");

  Event& with(std::string_view key, std::string_view value);
  Event& with(std::string_view key, std::uint64_t value);
  /// Adds a value in quotes and keeps its blanks. For text of the server only, never of a client.
  Event& with_quoted(std::string_view key, std::string_view sentence);

  const std::string& text() const { return text_; }
  Level level() const { return level_; }

 private:
  std::string text_;
  Level level_;
};

/// The destination of events. Writing never throws and never blocks a session for long: a line that
/// cannot be written is lost, since a full disk must not keep users from their mail.
class Log {
 public:
  /// A log that discards every event.
  Log() = default;

  /// Opens `target`: syslog, stderr or an absolute path (created with mode 0600). With syslog,
  /// connects to /dev/log now, as a sandboxed process cannot do it later; where /dev/log is
  /// missing, lines go to descriptor 2 as with stderr. Ends a line that a crash has left without
  /// its end. Throws std::system_error when a named file cannot be opened.
  static Log open(const std::string& target, std::string_view program);

  /// When the syslog daemon was restarted, connects to the new one, as long as that is permitted.
  void write(const Event& event) const noexcept;

  /// For a process that is about to enter a sandbox without connect(2): once the syslog daemon is
  /// restarted, the lines of this log are lost.
  void forbid_connecting() { may_connect_ = false; }

  /// Sets the text that ends every later line of this log: fields, with a blank before each.
  void set_context(std::string context) { context_ = std::move(context); }
  /// The descriptor in use; negative when there is none.
  int fd() const { return fd_.get(); }

 private:
  bool put(std::string_view octets) const noexcept;

  UniqueFd fd_;
  bool syslog_ = false;
  bool may_connect_ = true;
  std::string program_;
  std::string context_;
};

/// Escapes and cuts `value` as Event does. With `keep_blanks`, blanks stay.
std::string escaped(std::string_view value, bool keep_blanks = false);

} // namespace base
