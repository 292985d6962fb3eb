// SPDX-License-Identifier: ISC
#include "verifier/token_check.hpp"

#include "base/time_of_day.hpp"
#include "tokens/token.hpp"
#include "verifier/verifier_process.hpp"

#include <chrono>

namespace verifier {

namespace {

TokenAnswer answer_on(std::string_view token, std::string_view keys_text,
                      const config::TokenSettings& settings) {
  TokenAnswer answer;
  const auto keys = tokens::KeySet::parse(keys_text);
  answer.is_key_problem = !keys;
  if (!keys) {
    put(answer.refusal, keys.error());
    return answer;
  }
  const auto claims = tokens::check_token(token, *keys, settings, base::seconds_since_1970());
  if (claims)
    put(answer.user, claims->user);
  else
    put(answer.refusal, claims.error());
  return answer;
}

} // namespace

std::optional<TokenAnswer> check_token(std::string_view token, std::string_view keys,
                                       const VerifierContext& context, ipc::Channel& channel,
                                       std::chrono::steady_clock::time_point deadline) {
  const auto task = [&, monitor = getpid()](int answer_fd) {
    confine(context, answer_fd, monitor);
    return answer_on(token, keys, context.settings);
  };
  return ask_verifier<TokenAnswer>(task, context.log, channel, deadline + time_to_end);
}

} // namespace verifier
