// SPDX-License-Identifier: ISC
// The verifier's work: one request about one name. It opens the files that the check needs, enters
// the sandbox, and makes the check there. It treats all that the request holds as hostile.
#pragma once

#include "verifier/verdict.hpp"
#include "verifier/verifier.hpp"

#include <chrono>
#include <functional>

namespace verifier {

/// The circumstances of one check.
struct Verification {
  const VerifierContext& context;
  std::function<void()> confine; ///< Enters the sandbox; called once, when all files are open.
  std::chrono::steady_clock::time_point deadline; ///< Of the wait for a hash slot.
};

/// Gives the verdict on a request of any kind, by the one function below that takes it. Each of
/// them ends at the latest soon after the deadline, logs the reason of every verdict but granted,
/// and throws std::system_error.
Verdict check(const VerificationRequest& request, const Verification& verification);

/// Checks a certificate, a token or a password, as the mechanism says.
Verdict check(const ipc::LoginRequest& request, const Verification& verification);

/// EXTERNAL (RFC 4422 appendix A): the user that the certificate names. The TLS wrapper has already
/// verified the certificate. The client may also give this name as authorization identity, but no
/// other.
Verdict check_certificate(const ipc::LoginRequest& request, const Verification& verification);

/// Checks a password against the user's app passwords, the cache of logins and the hash, in this
/// order, the cheapest first.
Verdict check_password(const ipc::LoginRequest& request, const Verification& verification);

/// OAUTHBEARER (RFC 7628) and XOAUTH2: the user that the token names, which the site's
/// authorization server has signed. The client may also give this name, but no other.
Verdict check_token(const ipc::LoginRequest& request, const Verification& verification);

/// Makes the offer of SCRAM-SHA-256 (RFC 5802): a granted verdict with salt and iterations, and
/// nothing else. A name without a user gets an offer as well, the same each time, which no proof
/// matches.
Verdict check(const pop3::ScramStart& start, const Verification& verification);

/// Checks the client's proof of SCRAM-SHA-256: a granted verdict has the server's signature.
Verdict check(const ScramProof& proof, const Verification& verification);

} // namespace verifier
