// SPDX-License-Identifier: ISC
// Reads a password from the terminal, without echo, or from standard input.
#pragma once

#include "base/secret.hpp"

#include <string>

namespace admin {

enum class PasswordSource {
  terminal,      ///< /dev/tty, whatever standard input is.
  standard_input ///< One line, without its LF or CRLF; later lines are not read.
};

/// Asks once. Throws Failure for a password that is empty, longer than pop3::max_password octets or
/// contains a NUL, and when there is no terminal. The terminal's echo is restored before a signal
/// ends or stops the program.
base::Secret ask_password(PasswordSource source, const std::string& prompt);

/// Asks twice on a terminal. Throws as ask_password, and Failure if the two passwords differ.
base::Secret ask_new_password(PasswordSource source, const std::string& name);

} // namespace admin
