// SPDX-License-Identifier: ISC
#include "privsep/verifier.hpp"

#include "base/system_error.hpp"
#include "privsep/answerer.hpp"
#include "privsep/answering_child.hpp"
#include "privsep/sandbox.hpp"

#include <signal.h>
#include <sys/prctl.h>

namespace privsep {

namespace {

using Clock = std::chrono::steady_clock;

void enter_cage(const VerifierPlace& place) {
  if (place.account) {
    enter_empty_root(place.chroot);
    become(*place.account);
  }
  // After become(), which clears it.
  base::check(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "prctl");
  confine(Role::verifier, -1, place.settings.sandbox);
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

Verdict verify(const Question& question, const VerifierPlace& place, Channel& channel,
               Clock::time_point deadline) {
  return ask_child([&](int) { return answer_in_child(question, place, deadline); }, place.log,
                   channel, deadline);
}

} // namespace privsep
