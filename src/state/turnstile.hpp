// SPDX-License-Identifier: ISC
// Turnstiles: processes pass one after the other, and those that wait sleep in the kernel. Each is
// an exclusive lock on one octet of a file (octet_lock.hpp).
#pragma once

#include <chrono>
#include <functional>
#include <string_view>
#include <sys/types.h>

namespace state {

/// The longest sleep without a question whether to wait on. Each wake-up moves the process to the
/// end of the kernel's queue, and wakes those behind it one after the other: with 480 processes in
/// one queue that takes 1.2 processors at a second, and 0.03 at ten seconds. This is half of the
/// default of login-limit, so that a queue which is served at all is in order.
constexpr std::chrono::seconds longest_sleep{30};

/// Takes an exclusive lock on `octet` for this open file description, and sleeps while another one
/// has it. Processes pass in about the order in which they came. Before it sleeps, whenever a child
/// of this process has ended, and after each longest_sleep it asks `goes_on`, and gives up when
/// that says false. Tries once when `deadline` has passed. False without the lock. Uses SIGALRM,
/// SIGCHLD and ITIMER_REAL, which must not be blocked or in use; only for processes of one thread.
/// Throws std::system_error, and what `goes_on` throws.
bool pass_turnstile(int fd, off_t octet, std::chrono::steady_clock::time_point deadline,
                    const std::function<bool()>& goes_on);

/// Lets the next process pass. Throws std::system_error.
void leave_turnstile(int fd, off_t octet);

/// The octet of `name`, one of 2^63, chosen by a digest.
off_t turnstile_octet(std::string_view name);

} // namespace state
