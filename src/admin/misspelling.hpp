// SPDX-License-Identifier: ISC
// The error messages about words of the command line that are no command, option or argument.
#pragma once

#include "admin/command_line.hpp"

namespace admin {

/// The problem with a command line that names the command or group `given` (the program when it
/// names none) and has the words `unknown` beside it, in their order; nothing if there is none. One
/// line without a full stop, with the word that was probably meant. Only the first mistake is told,
/// that of an option before that of an argument, as the word behind an unknown option may be its
/// value.
std::optional<std::string> problem_with_words(const Commands& commands, const Command& given,
                                              const std::vector<std::string>& unknown);

} // namespace admin
