// SPDX-License-Identifier: ISC
// The text that --help prints.
#pragma once

#include "admin/command_line.hpp"

#include <cstddef>
#include <string>

namespace admin {

constexpr auto help_flag = "-h,--help";
constexpr auto version_flag = "--version"; // of the program alone

/// The help of a command, of a group or of the program, which is the first of `commands`. It has a
/// line for each item, the most wanted items first. The shells' completion reads it too
/// (contrib/completion).
std::string help_of(const Command& command, const Commands& commands);

/// `help` with lines of at most `width` characters where blanks permit it. The rest of an item's
/// line stands below its explanation.
std::string fitted(const std::string& help, std::size_t width);

/// The width of standard output: COLUMNS of the environment, else that of the terminal, else as
/// many characters as a line has.
std::size_t output_width();

} // namespace admin
