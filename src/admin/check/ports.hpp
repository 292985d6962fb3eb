// SPDX-License-Identifier: ISC
// The places of launchers beside one another, beside other programs, and behind wrappers.
#pragma once

#include "admin/check/check.hpp"
#include "admin/check/launcher_files.hpp"

#include <vector>

namespace admin {

/// A launcher with the settings that its server has; places of --listen are among its own.
struct Listening {
  Launcher launcher;
  config::Settings settings;
};

/// Checks for two launchers at one place, unless systemd stops one before it starts the other or
/// has not enabled it.
void check_shared_ports(const std::vector<Listening>& all, Findings& findings);
/// Checks for other programs of this host that wait at a launcher's port. Root finds those of all
/// accounts.
void check_taken_ports(const std::vector<Listening>& all, Findings& findings);
/// Checks that a wrapper sends a PROXY header where, and only where, the server expects one: the
/// services of stunnel and the servers of HAProxy that connect to a place of a launcher.
void check_headers(const CheckContext& context, const std::vector<Listening>& all,
                   Findings& findings);

} // namespace admin
