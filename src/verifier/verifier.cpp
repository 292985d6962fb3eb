// SPDX-License-Identifier: ISC
#include "verifier/verifier.hpp"

#include "sandbox/sandbox.hpp"
#include "verifier/checkpassword/checkpassword.hpp"
#include "verifier/verification.hpp"
#include "verifier/verifier_process.hpp"

namespace verifier {

Verdict verify(const VerificationRequest& request, const VerifierContext& context,
               ipc::Channel& channel, std::chrono::steady_clock::time_point deadline) {
  const auto confine = [&] {
    sandbox::enter_account(context.account, context.settings.front_root());
    sandbox::confine(sandbox::Role::verifier, -1, context.settings.sandbox);
  };
  const auto task = [&](int verdict_fd) {
    if (!context.settings.checkpassword.empty())
      return check_by_program(*std::get<const ipc::LoginRequest*>(request), context, verdict_fd,
                              deadline);
    return check(request, {context, confine, deadline});
  };
  return run_verifier_process(task, context.log, channel, deadline + time_to_end);
}

} // namespace verifier
