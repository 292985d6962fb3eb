// SPDX-License-Identifier: ISC
// The text that --help prints.
#pragma once

#include "admin/command_line.hpp"

namespace admin {

constexpr auto help_flag = "-h,--help";
constexpr auto version_flag = "--version"; // of the program alone

/// The help of a command, of a group or of the program, which is the first of `commands`. It has a
/// line for each item, the most wanted items first. The shells' completion reads it too
/// (contrib/completion).
std::string help_of(const Command& command, const Commands& commands);

} // namespace admin
