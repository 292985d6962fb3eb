// SPDX-License-Identifier: ISC
// The check of one login, in the monitor: the users file says who the user is, with which uid and
// gid and to which Maildir, and the proof that the client has sent is checked. Of that, the monitor
// checks itself what has a fixed size and costs little: app passwords, the cache of logins,
// certificates and SCRAM (scram_login.hpp). A verifier checks hashes and tokens. All that a request
// holds is treated as hostile.
#pragma once

#include "ipc/request.hpp"
#include "verifier/verdict.hpp"
#include "verifier/verifier.hpp"

#include <string_view>

namespace login {

using verifier::Verification;

/// Gives the verdict on a certificate, a token or a password, as the mechanism says, by one of the
/// functions below. Each of them ends at the latest time_to_end after the deadline, logs the reason
/// of every verdict but granted, and throws std::exception when the users file cannot be read or no
/// verifier can be started.
verifier::Verdict check(const ipc::LoginRequest& request, const Verification& verification);

/// Refuses a login without a look at its proof. Logs the refusal with `reason`, `problem` (if the
/// administrator can do something about it) and the name, by the rules for the names of failed
/// logins. Throws std::exception when the users file cannot be read.
verifier::Verdict refuse_unchecked(std::string_view name, const verifier::VerifierContext& context,
                                   std::string_view reason, std::string_view problem = "");

/// EXTERNAL (RFC 4422 appendix A): the user that the certificate names. The TLS wrapper has already
/// verified the certificate. The client may also give this name as authorization identity, but no
/// other.
verifier::Verdict check_certificate(const ipc::LoginRequest& request,
                                    const Verification& verification);

/// Checks a password against the user's app passwords, the cache of logins and the hash, in this
/// order, the cheapest first. Waits for a hash slot before the hash, until the front is gone. When
/// the user's hash was changed while it was checked, the new one is checked.
verifier::Verdict check_password(const ipc::LoginRequest& request,
                                 const Verification& verification);

/// OAUTHBEARER (RFC 7628) and XOAUTH2: the user that the token names, which the site's
/// authorization server has signed. The client may also give this name, but no other.
verifier::Verdict check_token(const ipc::LoginRequest& request, const Verification& verification);

} // namespace login
