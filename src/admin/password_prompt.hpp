// SPDX-License-Identifier: ISC
// Reads a password from the terminal, without echo, or from standard input.
#pragma once

#include "admin/command_line.hpp"
#include "base/secret.hpp"

#include <string>

namespace admin {

/// `--password-stdin`: read the first line of standard input, without its LF or CRLF, in the place
/// of the terminal. Later lines are not read.
Option password_option();

/// Asks once, with `prompt` on the terminal, whatever standard input is. Throws Failure for a
/// password that is empty, longer than pop3::max_password octets or contains a NUL, and when there
/// is no terminal. The terminal's echo is restored before a signal ends or stops the program.
base::Secret ask_password(const Values& given, const std::string& prompt);

/// Asks twice on a terminal. Throws as ask_password, and Failure if the two passwords differ.
base::Secret ask_new_password(const Values& given, const std::string& name);

} // namespace admin
