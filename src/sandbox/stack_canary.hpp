// SPDX-License-Identifier: ISC
// The stack canary of a process: the random octets between a function's buffers and its return
// address, which the compiler's stack protector compares before the function returns. fork(2)
// copies it, so that an attacker whose overflow kills one child after another could guess it octet
// by octet.
#pragma once

namespace sandbox {

/// Gives the calling process a new random canary, by one call of getrandom(2). The frames of all
/// functions that have begun keep the old one, so the caller must be [[noreturn]], and have the
/// attributes no_stack_protector and noinline, as a compiler may compare canaries in such a
/// function too. Throws std::system_error, and changes nothing, when the kernel gives no random
/// octets. On processors other than x86-64 it does nothing; the build warns of that.
void renew_stack_canary();

} // namespace sandbox
