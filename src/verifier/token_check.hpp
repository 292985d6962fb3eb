// SPDX-License-Identifier: ISC
// Verifies users by a token that the site's authorization server has signed. Runs in the verifier.
#pragma once

#include "verifier/verification.hpp"

#include <memory>

namespace verifier {

/// OAUTHBEARER (RFC 7628) and XOAUTH2: the user that the token names. The client may also give this
/// name, but no other. Both must outlive the verification. Throws std::system_error when a file
/// cannot be opened.
std::unique_ptr<Verification> make_token_check(const ipc::TokenRequest& request,
                                               const VerifierContext& context);

} // namespace verifier
