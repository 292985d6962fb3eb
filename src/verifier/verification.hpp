// SPDX-License-Identifier: ISC
// The verifier's work: one request about one name. A verification is made before the sandbox is
// entered, as it opens the files that it needs, and runs inside. It treats all that the request
// holds as hostile.
#pragma once

#include "verifier/verdict.hpp"
#include "verifier/verification_request.hpp"
#include "verifier/verifier.hpp"

#include <chrono>
#include <memory>

namespace verifier {

class Verification {
 public:
  using Clock = std::chrono::steady_clock;

  virtual ~Verification() = default;
  /// Ends at the latest soon after `deadline`. Logs the reason of every verdict but granted. Throws
  /// std::system_error.
  virtual Verdict run(Clock::time_point deadline) = 0;
};

/// Makes the verification for that kind of request. `request` and `context` must outlive it. Throws
/// std::system_error when a file cannot be opened.
std::unique_ptr<Verification> prepare_verification(const VerificationRequest& request,
                                                   const VerifierContext& context);

} // namespace verifier
