// SPDX-License-Identifier: ISC
// A password from the terminal, without echo, or from standard input.
#pragma once

#include "base/secret.hpp"

#include <string>

namespace admin {

enum class PasswordSource {
  terminal,      ///< /dev/tty, whatever standard input is.
  standard_input ///< One line, without its LF or CRLF; what follows it is not read.
};

/// Asks once. Throws Failure for an empty password, one of more than pop3::max_password octets, one
/// with a NUL, and where there is no terminal. A signal that ends or stops the program restores the
/// terminal's echo first.
base::Secret ask_password(PasswordSource source, const std::string& prompt);

/// Asks twice on a terminal; throws Failure also when the two differ.
base::Secret ask_new_password(PasswordSource source, const std::string& name);

} // namespace admin
