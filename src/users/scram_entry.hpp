// SPDX-License-Identifier: ISC
// The SCRAM verifier of a user: the hash itself, or one that the users file has beside it.
#pragma once

#include "passwords/scram_verifier.hpp"
#include "users/user.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace users {

/// The value of the word sodapop_scram, `VERIFIER;TAG`, for a password whose hash is `hash`.
std::string scram_entry(const passwords::ScramVerifier& verifier, std::string_view hash);

/// The SCRAM verifier of `user`. Nothing when there is none, when the hash accepts no password
/// (is_disabled), or when the verifier was made for another hash: after a change of the hash by
/// other means, the old password must not work any more.
std::optional<passwords::ScramVerifier> verifier_of(const User& user);

/// The iterations of the verifier in sodapop_scram, with any tag, or else of that in the hash; 0
/// without one.
std::uint32_t scram_iterations_of(const User& user);

} // namespace users
