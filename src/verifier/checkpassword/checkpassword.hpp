// SPDX-License-Identifier: ISC
// Checks passwords by a program of the site, in place of the users file. A verifier runs the
// program. The verifier keeps the monitor's uid and gid,
// since the program must be able to become any user. The program's reply is trusted no more than a
// line of the users file.
#pragma once

#include "base/secret.hpp"
#include "ipc/request.hpp"
#include "verifier/verdict.hpp"
#include "verifier/verifier.hpp"

#include <optional>
#include <string_view>

namespace verifier {

/// Takes a hash slot, and forks a verifier that runs the program on `request` within
/// `checkpassword-limit`, and ends at the latest soon after the deadline, or when the monitor is
/// gone. The verdict is:
/// - refused when the program refuses, and, without running it, for an invalid name, for an empty
///   password or one with a control character, and for a request that is too long for the
///   interface;
/// - temporary when there is no slot until the deadline, when the front is gone, and when program
///   or verifier fail, hang, or give no whole reply;
/// - permanent when the program is not safe to run or names a user who is not served.
/// Logs the reason of every verdict but granted, and the program's output. Throws
/// std::system_error.
Verdict check_by_program(const ipc::LoginRequest& request, const Verification& verification);

/// The input of the program: name, password and timestamp, each with a NUL behind it. Nothing when
/// that is more than max_program_message octets, or when a part has a NUL in it.
std::optional<base::Secret> program_message(std::string_view name, std::string_view password,
                                            std::string_view timestamp);

} // namespace verifier
