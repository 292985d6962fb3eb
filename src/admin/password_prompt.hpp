// SPDX-License-Identifier: ISC
// Reads a password from the terminal, without echo, or from standard input.
#pragma once

#include "admin/command_line.hpp"
#include "base/secret.hpp"

#include <string>

namespace admin {

/// A password from the terminal, whatever standard input is, or with `--password-stdin` from the
/// first line of standard input, without its LF or CRLF; later lines are not read.
struct PasswordPrompt {
  bool is_from_stdin = false;

  /// `--password-stdin`. This object must live until the command line is parsed.
  Option option();
  /// Asks once. Throws Failure for a password that is empty, longer than pop3::max_password octets
  /// or contains a NUL, and when there is no terminal. The terminal's echo is restored before a
  /// signal ends or stops the program.
  base::Secret ask(const std::string& prompt) const;
  /// Asks twice on a terminal. Throws as ask(), and Failure if the two passwords differ.
  base::Secret ask_new(const std::string& name) const;
};

} // namespace admin
