// SPDX-License-Identifier: ISC
// The SCRAM verifier of a user: the hash itself, or one that the users file has beside it.
#pragma once

#include "passwords/scram_verifier.hpp"
#include "users/user.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace users {

/// Of the word sodapop_scram, `VERIFIER;TAG`: what stands for a password whose hash is `hash`.
std::string scram_entry(const passwords::ScramVerifier& verifier, std::string_view hash);

/// Nothing when the user has none, when the hash says that no password is right, or when the
/// verifier was made for another hash than the one that is there: of somebody who has changed the
/// hash by other means, the old password must not be good any more.
std::optional<passwords::ScramVerifier> verifier_of(const User& user);

} // namespace users
