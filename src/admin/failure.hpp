// SPDX-License-Identifier: ISC
// The exception for a command that fails, with the message for the terminal.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace admin {

/// Its message is one line without the program's name, a full stop or a line end. The program
/// prints it and ends with status 1, as it does for a std::system_error.
class Failure : public std::runtime_error {
 public:
  explicit Failure(std::string_view what) : std::runtime_error(std::string(what)) {}
};

} // namespace admin
