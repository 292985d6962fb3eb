// SPDX-License-Identifier: ISC
// Tries sessions with the server that a launcher starts, from a process to which the launcher has
// given what it gives to the server.
#pragma once

#include "admin/check/findings.hpp"

#include <string>
#include <vector>

namespace admin {

struct Trial {
  std::string where;                ///< Of the findings: the launcher's file.
  std::string service;              ///< A unit of systemd; empty for other launchers.
  std::vector<std::string> command; ///< sodapopd, and the options that its launcher gives it.
};

/// The most sessions of one trial: one for each uid, and one for users without a uid.
constexpr std::size_t most_trials = 3;

/// Lets sodapopd read its configuration. Then logs one user of each uid in, reads the first
/// message, marks it as deleted and takes that back, and closes the connection; and makes and
/// removes a file in the Maildir as the user. The users have other passwords meanwhile, from a
/// users file of this process. The log gets no line.
void try_sessions(const Trial& trial, Findings& findings);

} // namespace admin
