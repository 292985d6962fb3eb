// SPDX-License-Identifier: ISC
// What one file of the list of sessions says: written by the process that keeps a maildrop, which
// is its user's, and read by the administrator's tool, which believes none of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace state {

/// Octets of a record: one write, whatever is in it; the longest has about 430.
constexpr std::size_t session_record_octets = 512;
/// Octets of a user's name in it: the most that a name may have (users::max_name).
constexpr std::size_t max_recorded_user = 255;
/// Files that the list of sessions may have, `0000` to `4095`, and so sessions that it can tell of:
/// with a page of memory each they take 16 MiB of /run at most.
constexpr unsigned session_places = 4096;

struct SessionRecord {
  std::string user;
  std::string from;            ///< An IP address, or `local`.
  std::int64_t since = 0;      ///< Of the login; seconds since 1970, as the next one.
  std::int64_t idle_since = 0; ///< Of the last request for something in the maildrop.
  pid_t pid = 0;
  std::string session;         ///< Its id in the log.
  std::uint64_t retrieved = 0; ///< Messages that were opened for the client, RETR and TOP alike.
};

/// `directory` is where the files are, below the runtime directory.
std::string sessions_directory(const std::string& runtime_directory);

/// Exactly session_record_octets of text: lines of `key=value`, then line feeds. A longer name is
/// cut.
std::string format_session(const SessionRecord& record);

/// Nothing unless `text` has that length and form, `user` is 1 to max_recorded_user printable
/// octets without blanks, `from` an address or `local`, `session` 1 to 32 hexadecimal digits, `pid`
/// above 1 and each number decimal and not negative.
std::optional<SessionRecord> parse_session(std::string_view text);

} // namespace state
