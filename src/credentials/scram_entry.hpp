// SPDX-License-Identifier: ISC
// The SCRAM verifier of a user: the hash itself, or one that the users file has beside it.
#pragma once

#include "credentials/scram_verifier.hpp"
#include "credentials/user.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace credentials {

/// Of the word sodapop_scram, `VERIFIER;TAG`: what stands for a password whose hash is `hash`.
std::string scram_entry(const ScramVerifier& verifier, std::string_view hash);

/// Nothing when the user has none, when the hash says that no password is right, or when the
/// verifier was made for another hash than the one that is there: of somebody who has changed the
/// hash by other means, the old password must not be good any more.
std::optional<ScramVerifier> verifier_of(const User& user);

} // namespace credentials
