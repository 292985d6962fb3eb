// SPDX-License-Identifier: ISC
// Formats the help of sodapop and its commands: one line for each item, the most wanted items
// first. The shells' completion reads it too (contrib/completion).
#pragma once

#include "admin/command_line.hpp"

#include <string>
#include <vector>

namespace admin {

inline constexpr auto help_flag = "-h,--help";
inline constexpr auto version_flag = "--version"; ///< Of the program alone.

/// Usage, description, arguments, commands below `command`, options by group, footer. `commands`
/// are those that parse() takes.
std::string help_of(const Command& command, const std::vector<Command>& commands);

} // namespace admin
