// SPDX-License-Identifier: ISC
// Words of a command line that an administrator copies to a shell.
#pragma once

#include <string>
#include <string_view>

namespace admin {

/// `text` as one word for a POSIX shell, written in printable characters of ASCII: as it is if it
/// consists of letters, digits and ._-+@%/:=, else in single quotes, without a backslash, as
/// printable() would change that. A text with other octets becomes "$(printf '...')", which loses
/// line ends at its end.
std::string shell_word(std::string_view text);

} // namespace admin
