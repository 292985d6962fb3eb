// SPDX-License-Identifier: ISC
// Why a command of the administrator was not carried out, in the words that reach the terminal.
#pragma once

#include <stdexcept>

namespace admin {

/// One line without the program's name, a full stop or a line end. The program prints it and ends
/// with status 1. A std::system_error fares the same.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

} // namespace admin
