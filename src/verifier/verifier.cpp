// SPDX-License-Identifier: ISC
#include "verifier/verifier.hpp"

#include "base/system_error.hpp"
#include "sandbox/sandbox.hpp"
#include "verifier/verification.hpp"
#include "verifier/verifier_process.hpp"

#include <signal.h>
#include <sys/prctl.h>

namespace verifier {

namespace {

using Clock = std::chrono::steady_clock;

void enter_cage(const VerifierPlace& place) {
  if (place.account) {
    sandbox::enter_empty_root(place.chroot);
    sandbox::become(*place.account);
  }
  // After become(), which clears it.
  base::check(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "prctl");
  sandbox::confine(sandbox::Role::verifier, -1, place.settings.sandbox);
}

/// The child's life up to its verdict.
Verdict answer_in_child(const Question& question, const VerifierPlace& place,
                        Clock::time_point deadline) {
  try {
    const auto answerer = prepare_answer(question, place);
    enter_cage(place);
    return answerer->answer(deadline);
  } catch (const std::exception& error) {
    place.log.write(base::Event("unavailable", base::Level::error)
                        .with("reason", "verifier-failed")
                        .saying("problem", error.what()));
    return verdict(Verdict::Kind::temporary);
  }
}

} // namespace

Verdict verify(const Question& question, const VerifierPlace& place, ipc::Channel& channel,
               Clock::time_point deadline) {
  return ask_child([&](int) { return answer_in_child(question, place, deadline); }, place.log,
                   channel, deadline);
}

} // namespace verifier
