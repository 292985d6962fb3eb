// SPDX-License-Identifier: ISC
// Checks a password against a stored hash, in a verifier.
#pragma once

#include "base/secret.hpp"
#include "ipc/channel.hpp"
#include "verifier/verifier.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace verifier {

/// Octets of a hash that replaces an outdated one, with its NUL.
constexpr std::size_t max_new_hash = 192;

/// The message of the verifier. The monitor checks the form of `new_hash` before it uses it.
struct HashAnswer {
  std::uint8_t fits = 0;
  std::array<char, max_new_hash> new_hash{}; ///< Ends with a NUL; empty when there is none.
};

/// Says whether `password` fits `stored`, and if it does and `wants_new_hash` is true, makes a new
/// hash of it. Without memory for the new hash there is none. Nothing, which is logged, when the
/// verifier fails or is not done at `deadline`. `channel` is closed in the verifier. Throws
/// std::system_error when no verifier can be started.
std::optional<HashAnswer> check_hash(std::string_view stored, const base::Secret& password,
                                     bool wants_new_hash, const VerifierContext& context,
                                     ipc::Channel& channel,
                                     std::chrono::steady_clock::time_point deadline);

} // namespace verifier
