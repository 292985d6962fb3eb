// SPDX-License-Identifier: ISC
// One file of the list of sessions: written by the keeper, which runs as the user, and read by the
// administrator's tool, which treats it as hostile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace state {

/// Octets of every record, which is always written at once; the longest content has about 430.
constexpr std::size_t session_record_octets = 512;
/// Most octets of a user's name in a record, as users::max_name.
constexpr std::size_t max_recorded_user = 255;
/// Most files of the list of sessions, `0000` to `4095`, and so most sessions in it: with a page of
/// memory each they take 16 MiB of /run at most.
constexpr unsigned session_places = 4096;

struct SessionRecord {
  std::string user;
  std::string from;            ///< An IP address, or `local`.
  std::int64_t since = 0;      ///< Time of the login, in seconds since 1970.
  std::int64_t idle_since = 0; ///< Time of the last request for the maildrop, likewise.
  pid_t pid = 0;
  std::string session;         ///< Its id in the log.
  std::uint64_t retrieved = 0; ///< Messages that were opened for the client, RETR and TOP alike.
  bool is_updating = false;    ///< UPDATE has begun.
};

/// The directory of the files, below the runtime directory.
std::string sessions_directory(const std::string& runtime_directory);

/// Exactly session_record_octets of text: lines of `key=value`, then line feeds. A longer name is
/// cut.
std::string format_session(const SessionRecord& record);

/// Nothing unless `text` has that length and form, `user` is 1 to max_recorded_user printable
/// octets without blanks, `from` an address or `local`, `session` 1 to 32 hexadecimal digits, `pid`
/// above 1 and each number decimal and not negative.
std::optional<SessionRecord> parse_session(std::string_view text);

} // namespace state
