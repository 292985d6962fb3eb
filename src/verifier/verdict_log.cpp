// SPDX-License-Identifier: ISC
#include "verifier/verdict_log.hpp"

#include "pop3/limits.hpp"

#include <algorithm>

namespace verifier {

Verdict VerdictLog::refused(std::string_view reason, std::string_view hint,
                            std::string_view problem) const {
  log_.write(
      base::Event("login-failed", base::Level::warning, reason, problem).with("user", name_));
  Verdict refused{Verdict::Kind::refused};
  refused.hint = hint.substr(0, pop3::max_hint);
  std::ranges::replace_if(
      refused.hint, [](char c) { return c < ' ' || c > '~'; }, '?');
  return refused;
}

Verdict VerdictLog::unavailable(Verdict::Kind kind, std::string_view reason,
                                std::string_view problem) const {
  log_.write(base::Event("unavailable", base::Level::error, reason, problem).with("user", name_));
  return Verdict{kind};
}

} // namespace verifier
