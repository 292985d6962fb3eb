// SPDX-License-Identifier: ISC
#include "verifier/verifier.hpp"

#include "base/system_error.hpp"
#include "sandbox/sandbox.hpp"
#include "verifier/checkpassword/checkpassword.hpp"
#include "verifier/verification.hpp"
#include "verifier/verifier_process.hpp"

#include <signal.h>
#include <sys/prctl.h>

namespace verifier {

namespace {

using Clock = std::chrono::steady_clock;

void confine_verifier(const VerifierContext& context) {
  if (context.account) {
    sandbox::enter_empty_root(context.settings.front_root());
    sandbox::become(*context.account);
  }
  // After become(), which clears this setting.
  base::check(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "prctl");
  sandbox::confine(sandbox::Role::verifier, -1, context.settings.sandbox);
}

} // namespace

Verdict verify(const VerificationRequest& request, const VerifierContext& context,
               ipc::Channel& channel, Clock::time_point deadline) {
  const auto task = [&](int verdict_fd) {
    if (!context.settings.checkpassword.empty())
      return check_by_program(*std::get<const ipc::LoginRequest*>(request), context, verdict_fd,
                              deadline);
    return check(request, {context, [&] { confine_verifier(context); }, deadline});
  };
  return run_verifier_process(task, context.log, channel, deadline + time_to_end);
}

} // namespace verifier
