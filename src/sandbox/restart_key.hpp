// SPDX-License-Identifier: ISC
// The right of a listener to run its own program again, which its sessions must not have. A filter
// of system calls cannot tell the listener from its children. So it lets execve(2) pass only with a
// random number as the sixth argument, at which the kernel does not look, and the children forget
// the number.
#pragma once

#include <array>
#include <cstdint>
#include <linux/filter.h>

namespace sandbox {

/// The number of the calling process; 0 in one that may not run a program, or that has no filter.
extern std::uint64_t restart_key;

/// For a child of the listener, before it reads anything from a client.
void forget_restart_key() noexcept;

/// The instructions that stand before the listener's filter and judge execve(2).
std::array<sock_filter, 8> permit_restart(std::uint64_t key);

/// Runs the file of the running program with these arguments and this environment, as execve(2)
/// takes them. Throws std::system_error when that fails.
[[noreturn]] void run_program_again(char* const* arguments, char* const* environment);

} // namespace sandbox
