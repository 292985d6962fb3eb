// SPDX-License-Identifier: ISC
// What a running systemd says about the units of launchers.
#pragma once

#include "admin/check/findings.hpp"
#include "admin/check/launcher_files.hpp"

#include <string>

namespace admin {

/// Judges the output of `systemctl show -p NeedDaemonReload,ActiveState UNIT`. A service that a
/// socket starts may have failed: the next client starts it again.
void check_unit_state(const std::string& unit, const std::string& properties, bool has_socket,
                      const FindingsAt& at);

/// Asks systemd, where it runs, about the socket and the service of each launcher. A template has
/// no state.
void check_unit_states(const std::vector<Launcher>& launchers, Findings& findings);

} // namespace admin
