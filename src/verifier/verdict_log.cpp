// SPDX-License-Identifier: ISC
#include "verifier/verdict_log.hpp"

#include <algorithm>

namespace verifier {

Verdict VerdictLog::refused(std::string_view reason, std::string_view hint,
                            std::string_view problem) const {
  log(base::Event("login-failed", base::Level::warning), reason, problem);
  Verdict refused{Verdict::Kind::refused};
  std::ranges::transform(hint.substr(0, pop3::max_hint), refused.hint.begin(),
                         [](char c) { return c < ' ' || c > '~' ? '?' : c; });
  return refused;
}

Verdict VerdictLog::unavailable(Verdict::Kind kind, std::string_view reason,
                                std::string_view problem) const {
  log(base::Event("unavailable", base::Level::error), reason, problem);
  return Verdict{kind};
}

void VerdictLog::log(base::Event event, std::string_view reason, std::string_view problem) const {
  event.with("reason", reason);
  if (!problem.empty())
    event.with_quoted("problem", problem);
  log_.write(event.with("user", name_));
}

} // namespace verifier
