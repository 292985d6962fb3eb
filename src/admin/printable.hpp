// SPDX-License-Identifier: ISC
// Text for a terminal, which obeys control characters: those of ASCII, and those from U+0080 to
// U+009F, which are single octets in some character sets and two octets in UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace admin {

/// `text` with `\x` and two hexadecimal digits, as in the log, in the place of each octet that is
/// no printable character of ASCII, and of each backslash. All commands print by it what files,
/// directories and messages of the system say.
std::string printable(std::string_view text);

} // namespace admin
