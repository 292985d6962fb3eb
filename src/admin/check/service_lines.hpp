// SPDX-License-Identifier: ISC
// What the section Service of a unit says about the process that systemd starts.
#pragma once

#include "admin/check/launcher_files.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace admin {

/// The words of that key that hold: those of all assignments after the last empty one.
std::vector<std::string> service_words(const Launcher& launcher, std::string_view key);

/// True for a directory that systemd makes, for the account of the service, before it starts it:
/// RuntimeDirectory=, StateDirectory=, LogsDirectory= (systemd.exec(5)).
bool is_made_by_systemd(const Launcher& launcher, const std::string& directory);

} // namespace admin
