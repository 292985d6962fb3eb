// SPDX-License-Identifier: ISC
// Passwords that a program of the site checks, in place of the users file. A short-lived child of
// the monitor, the verifier, runs it and stays who the monitor is, since the program has to become
// anybody; what the program replies is believed no further than a line of the users file.
#pragma once

#include "base/log.hpp"
#include "base/secret.hpp"
#include "config/settings.hpp"
#include "ipc/channel.hpp"
#include "ipc/message.hpp"
#include "verifier/verifier.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verifier {

/// Where the program runs.
struct ProgramContext {
  const config::Settings& settings; ///< With a `checkpassword` that is not empty.
  const base::Log& log;
  std::string self; ///< The absolute path of sodapopd, which the program runs when all is well.
  std::string from; ///< The client's address, or anything else where that is not known.
};

/// Forks a child that takes a hash slot, has the program answer `request` within
/// `checkpassword-limit`, and ends, at the latest soon after `deadline`. The verdict is refused
/// when the program says so, without asking it for a name that is none, for an empty password and
/// for what the interface has no room for; temporary when it fails, hangs, or gives no whole reply;
/// permanent when it is not safe to run or names a user who is not served. `channel` is closed in
/// the child. Logs the reason of every verdict but granted, and the program's output. Throws
/// std::system_error when no child can be had.
Verdict verify_by_program(const ipc::LoginRequest& request, const ProgramContext& context,
                          ipc::Channel& channel, std::chrono::steady_clock::time_point deadline);

/// What the program reads: the three with a NUL behind each. Nothing when that is more than
/// max_program_message octets, or when one holds a NUL.
std::optional<base::Secret> program_message(std::string_view name, std::string_view password,
                                            std::string_view timestamp);

/// The blank-separated words of the setting.
std::vector<std::string> words_of(std::string_view command);

} // namespace verifier
