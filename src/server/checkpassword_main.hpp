// SPDX-License-Identifier: ISC
// The program that a checkpassword program runs when the password was right: sodapopd, as whoever
// that one has become.
#pragma once

namespace server {

/// Whether sodapopd was started for this.
bool is_checkpassword_reply(int argc, char** argv);

/// `sodapopd --checkpassword-reply NAME TEMPLATE CLIENT`: writes the verdict to descriptor 4, and
/// says on descriptor 2 what is wrong with it. CLIENT is an address, or anything else for none.
/// Gives the exit status: 0 when a verdict was written, 2 when there is nobody to read it, 111 when
/// that failed.
int reply_to_checkpassword(int argc, char** argv) noexcept;

} // namespace server
