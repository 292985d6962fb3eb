// SPDX-License-Identifier: ISC
// The verifier's work: one question about one name. Made before the cage closes, as it opens what
// the answer needs; answers within. Distrusts all that the question holds.
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
  /// At the latest soon after `deadline`. Logs the reason of every verdict but granted. Throws
  /// std::system_error.
  virtual Verdict run(Clock::time_point deadline) = 0;
};

/// For that kind of question. Both must outlive it. Throws std::system_error when a file cannot be
/// opened.
std::unique_ptr<Verification> prepare_verification(const VerificationRequest& request,
                                                   const VerifierContext& context);

} // namespace verifier
