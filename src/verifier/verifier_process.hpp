// SPDX-License-Identifier: ISC
// Runs a child of the monitor that gives one verdict and ends. The monitor waits for it no longer
// than necessary, and accepts only a whole verdict.
#pragma once

#include "base/log.hpp"
#include "ipc/channel.hpp"
#include "verifier/verifier.hpp"

#include <chrono>
#include <functional>

namespace verifier {

/// The time that a child has, from the deadline of its verification on, to log that and to end by
/// itself. The monitor kills it afterwards.
constexpr std::chrono::seconds time_to_end{5};

/// Runs in the child. Gets the descriptor to which its verdict will be written; poll(2) reports
/// POLLHUP on it when the monitor is gone.
using VerifierTask = std::function<Verdict(int verdict_fd)>;

/// Forks a child without `channel` and returns the verdict that `task` gives in the child. The
/// child is killed after its verdict, and at `deadline`. At the deadline, when `task` throws
/// std::exception, and when the child ends without a whole verdict, the verdict is temporary, and
/// this is logged. Throws std::system_error when no child can be started.
Verdict run_verifier_process(const VerifierTask& task, const base::Log& log, ipc::Channel& channel,
                             std::chrono::steady_clock::time_point deadline);

} // namespace verifier
