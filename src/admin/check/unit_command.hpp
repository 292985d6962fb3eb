// SPDX-License-Identifier: ISC
// The command lines in units of systemd, as systemd.service(5) describes them.
#pragma once

#include "admin/check/unit_file.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace admin {

/// The program of a command line of the unit and its arguments: without the marks in front of the
/// path, without quotes, and with specifiers and variables replaced where the unit says their
/// values.
std::vector<std::string> command_in(const Unit& service, const std::string& line);
/// The same for ExecStart, the last one where there are several. Empty without ExecStart.
std::vector<std::string> command_of(const Unit& service);

/// The words of a value in which quotes and backslashes have the meaning of systemd.syntax(7).
std::vector<std::string> quoted_words(std::string_view text);

/// `text` with the specifiers %t %S %C %L %E %n %N %p %i and %% replaced for the unit of that name;
/// others are left as they are.
std::string without_specifiers(std::string_view text, const std::string& unit_name);

} // namespace admin
