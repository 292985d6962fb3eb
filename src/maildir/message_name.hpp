// SPDX-License-Identifier: ISC
// Reads Maildir file names: BASE, or BASE:2,FLAGS; between the two, perhaps, the fields of programs
// that synchronise folders.
#pragma once

#include "pop3/maildrop.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace maildir {

/// The part that stays when flags change: all before ":2,", or the whole name; and without the
/// fields ",U=DIGITS" and ",U=DIGITS,FMD5=HEX" at its end, unless it would be empty. mbsync adds
/// the first to the name of a message, and both change. The base name of a base name is the same.
std::string_view base_name(std::string_view file_name);

/// The number at the start, by tradition the time of delivery; 0 when there is none, 2^64 - 1 when
/// it does not fit into 64 bits.
std::uint64_t leading_number(std::string_view file_name);

/// Order of messages: leading number, then base name byte by byte. Flags do not count.
bool precedes(std::string_view a, std::string_view b);

/// The name with the ":2," behind which flags stand.
std::string with_info(std::string_view file_name);

/// The name with a letter added to its flags, in ASCII order, or removed from them; text after the
/// letters (Dovecot allows a comma and more) stays.
std::string with_flag_changed(std::string_view file_name, char flag);

/// The name with S among the flags. At most four octets longer; the same name when S was among
/// them, or when it would be longer than NAME_MAX.
std::string seen_name(std::string_view file_name);

/// The base name where it can be a unique-id, as in qmail-pop3d, else the digest of the base name.
pop3::UniqueId unique_id(std::string_view file_name);

} // namespace maildir
