// SPDX-License-Identifier: ISC
#include "verifier/verdict_log.hpp"

#include <algorithm>

namespace verifier {

Verdict VerdictLog::refused(std::string_view reason, std::string_view hint,
                            std::string_view problem) const {
  base::Event event("login-failed", base::Level::warning);
  event.with("reason", reason);
  if (!problem.empty())
    event.with_quoted("problem", problem);
  log_.write(event.with("user", name_));
  auto refused = verdict(Verdict::Kind::refused);
  std::ranges::transform(hint.substr(0, pop3::max_hint), refused.hint.begin(),
                         [](char c) { return c < ' ' || c > '~' ? '?' : c; });
  return refused;
}

Verdict VerdictLog::unavailable(Verdict::Kind kind, std::string_view reason,
                                std::string_view problem) const {
  base::Event event("unavailable", base::Level::error);
  event.with("reason", reason);
  if (!problem.empty())
    event.with_quoted("problem", problem);
  log_.write(event.with("user", name_));
  return verdict(kind);
}

} // namespace verifier
