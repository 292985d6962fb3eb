// SPDX-License-Identifier: ISC
// The program that a checkpassword program runs after a right password: sodapopd, with the uid and
// gid that the checkpassword program has set.
#pragma once

#include <optional>

namespace server {

/// Runs `sodapopd --checkpassword-reply NAME TEMPLATE CLIENT`: writes the verdict to descriptor 4,
/// and a problem to descriptor 2. CLIENT is an address, or any other text for none. Gives the exit
/// status: 0 when a verdict was written, 2 when no process reads it or the arguments are wrong, 111
/// for another failure. Nothing when sodapopd was not started with this option.
std::optional<int> reply_to_checkpassword(int argc, char** argv) noexcept;

} // namespace server
