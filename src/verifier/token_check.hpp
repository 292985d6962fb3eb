// SPDX-License-Identifier: ISC
// Checks a bearer token, in a verifier.
#pragma once

#include "ipc/channel.hpp"
#include "verifier/verifier.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

namespace verifier {

/// The message of the verifier. Both texts end with a NUL; one of them is empty.
struct TokenAnswer {
  std::array<char, 256> user{};    ///< The name in a valid token. The monitor looks it up.
  std::array<char, 128> refusal{}; ///< A token_problem, or the key_set_problem of the keys.
  bool is_key_problem = false;
};

/// Checks `token` with the keys in `keys`, the text of a JWK Set, by the settings of the context
/// and the time of day. Nothing, which is logged, when the verifier fails or is not done at
/// `deadline`. `channel` is closed in the verifier. Throws std::system_error when no verifier can
/// be started.
std::optional<TokenAnswer> check_token(std::string_view token, std::string_view keys,
                                       const VerifierContext& context, ipc::Channel& channel,
                                       std::chrono::steady_clock::time_point deadline);

} // namespace verifier
