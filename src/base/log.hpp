// SPDX-License-Identifier: ISC
// The log: one line of `key=value` pairs for each event, to syslog, a descriptor or a file.
#pragma once

#include "base/unique_fd.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
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

/// The number of lines that were lost and of which no log has told yet, in a mapping, which several
/// processes may share.
struct Unmap {
  void operator()(std::atomic<std::uint64_t>* number) const noexcept;
};
using LostLines = std::unique_ptr<std::atomic<std::uint64_t>, Unmap>;

/// The destination of events. Writing never throws and never blocks a session for long: a line that
/// cannot be written is lost, since a full disk or a reader that hangs must not keep users from
/// their mail. Lost lines are counted, and told by `event=log-lost` in front of the next line that
/// is written. In a pipe, lines of up to PIPE_BUF octets stay whole.
class Log {
 public:
  /// The time that a session waits for its log: long enough for a reader that is busy, and hardly
  /// noticed by a client.
  static constexpr std::chrono::milliseconds session_patience{1000};

  /// A log that discards every event.
  Log() = default;

  /// Opens `target`: syslog, stderr or an absolute path (created with mode 0600). With syslog,
  /// connects to /dev/log now, as a sandboxed process cannot do it later; where /dev/log is
  /// missing, lines go to descriptor 2 as with stderr. Ends a line that a crash has left without
  /// its end. Changes no flags of descriptor 2, which other processes may have, too: a pipe or a
  /// terminal is opened anew. Throws std::system_error when a named file cannot be opened.
  static Log open(const std::string& target, std::string_view program);

  /// When the syslog daemon was restarted, connects to the new one, as long as that is permitted.
  void write(const Event& event) const noexcept;

  /// For a process that is about to enter a sandbox without connect(2): once the syslog daemon is
  /// restarted, the lines of this log are lost.
  void forbid_connecting() { may_connect_ = false; }

  /// The time that all later calls of write() may wait together. session_patience at first. No call
  /// waits while there are lost lines that were not told.
  void set_patience(std::chrono::milliseconds patience) { patience_ = patience; }
  /// Where lost lines are counted. Without a number they are neither counted nor told.
  void set_lost_lines(LostLines lost) { lost_ = std::move(lost); }
  LostLines take_lost_lines() { return std::move(lost_); }

  /// Sets the text that ends every later line of this log: fields, with a blank before each.
  void set_context(std::string context) { context_ = std::move(context); }
  /// The descriptor in use; negative when there is none.
  int fd() const { return fd_.get(); }

 private:
  using Clock = std::chrono::steady_clock;

  std::uint64_t write_after(std::uint64_t lost, const Event& event,
                            Clock::time_point deadline) const;
  std::string line_of(const Event& event, std::string_view context = "") const;
  bool send(std::string_view line, Clock::time_point deadline) const noexcept;
  bool put(std::string_view octets, Clock::time_point deadline) const noexcept;

  UniqueFd fd_;
  LostLines lost_;
  mutable std::chrono::milliseconds patience_ = session_patience;
  bool syslog_ = false;
  bool may_connect_ = true;
  bool may_block_ = false; // in write(2), unless poll(2) has said that it would not
  std::string program_;
  std::string context_;
};

/// Escapes and cuts `value` as Event does. With `keep_blanks`, blanks stay.
std::string escaped(std::string_view value, bool keep_blanks = false);

} // namespace base
