// SPDX-License-Identifier: ISC
// The services of systemd and the sockets that start them.
#pragma once

#include "admin/check/launcher_files.hpp"

namespace admin {

/// Adds the services whose units are in `etc`/systemd/system or enabled there, each with the socket
/// that starts it. Programs other than sodapopd are added, too.
void add_units(const std::string& etc, std::vector<Launcher>& launchers);

} // namespace admin
