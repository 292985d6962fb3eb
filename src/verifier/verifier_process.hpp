// SPDX-License-Identifier: ISC
// A child of the monitor that answers one question with a verdict and ends. The monitor waits for
// it no longer than it has to, and takes nothing but a whole verdict.
#pragma once

#include "base/log.hpp"
#include "ipc/channel.hpp"
#include "verifier/verifier.hpp"

#include <chrono>
#include <functional>

namespace verifier {

/// Runs in the child. Gets the descriptor that its verdict will go to, of which poll(2) tells
/// POLLERR when the monitor is gone.
using VerifierTask = std::function<Verdict(int verdict_fd)>;

/// Forks a child that has no `channel` and gives the verdict of `task` there. The child is
/// killed once it has answered, and at `deadline`; then, and when it ends without a whole verdict,
/// the verdict is temporary, and logged. Throws std::system_error when no child can be had.
Verdict run_verifier_process(const VerifierTask& task, const base::Log& log, ipc::Channel& channel,
                             std::chrono::steady_clock::time_point deadline);

} // namespace verifier
