// SPDX-License-Identifier: ISC
// Checks bearer tokens: JSON Web Tokens (RFC 7519) signed by the site's authorization server (RFC
// 7515), without a request to that server. The signature is checked first: before that, only the
// header is read as JSON.
#pragma once

#include "base/result.hpp"
#include "config/settings.hpp"
#include "tokens/key_set.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tokens {

/// Most octets of a token: it fits into one line of a SASL exchange, 8192 of Base64, with a name
/// beside it.
inline constexpr std::size_t max_token = 6000;
/// Seconds by which our clock and the authorization server's may differ (RFC 7519 section 4.1.4).
inline constexpr std::int64_t leeway = 60;
/// Most keys that one token is tried with, the first of those that fit its header: ES256 takes
/// milliseconds, and an attacker's token need not have a `kid`. A server with more keys has to name
/// the key in its tokens.
inline constexpr std::size_t max_tries = 8;
/// The last second of the year 9999. A later date is a mistake, such as a date in milliseconds.
inline constexpr std::int64_t last_date = 253'402'300'799;

struct Claims {
  std::string user;     ///< is_valid_name holds.
  std::int64_t expires; ///< Seconds since 1970; the token is accepted `leeway` longer.
};

/// The reasons to refuse a token, as a log shows them. The client may only be told that the token
/// was not accepted.
namespace token_problem {

inline constexpr std::string_view too_long = "token-too-long";
/// Not three parts of Base64url, or the header is no JSON object.
inline constexpr std::string_view malformed = "token-malformed";
/// `crit`: the token requires an extension that is not supported.
inline constexpr std::string_view critical = "token-critical";
/// `typ` is not one of the settings. Without `typ` the type is JWT.
inline constexpr std::string_view wrong_type = "token-wrong-type";
/// `none`, or another than EdDSA, RS256 and ES256.
inline constexpr std::string_view algorithm = "token-algorithm";
/// No key has that algorithm, or none of them has the token's `kid`.
inline constexpr std::string_view unknown_key = "token-unknown-key";
/// Of none of the first max_tries keys that fit the header.
inline constexpr std::string_view bad_signature = "token-bad-signature";
/// Signed, but no JSON object, or a date is no number up to last_date.
inline constexpr std::string_view malformed_claims = "token-malformed-claims";
/// Without `exp` the token would never expire.
inline constexpr std::string_view no_expiry = "token-no-expiry";
inline constexpr std::string_view expired = "token-expired";
/// `nbf` or `iat` is in the future.
inline constexpr std::string_view not_yet_valid = "token-not-yet-valid";
/// More than `oauth_lifetime` seconds from `iat`, or from now where that is missing, to `exp`.
inline constexpr std::string_view lifetime = "token-lifetime";
inline constexpr std::string_view wrong_issuer = "token-wrong-issuer";
inline constexpr std::string_view wrong_audience = "token-wrong-audience";
/// An ID token, a logout token or a refresh token, by its claims: no proof that its bearer may act
/// for the user.
inline constexpr std::string_view no_access_token = "token-no-access-token";
/// `cnf`: needs proof of a key, which POP3 cannot carry (RFC 7800).
inline constexpr std::string_view bound = "token-bound";
/// `oauth_scope` is set, and is not among the scopes of the token.
inline constexpr std::string_view wrong_scope = "token-wrong-scope";
/// The user claim is `email`, and `email_verified` is not true.
inline constexpr std::string_view unverified_email = "token-unverified-email";
/// The user claim is missing, or is no string that is_valid_name accepts.
inline constexpr std::string_view no_user = "token-no-user";

} // namespace token_problem

/// The claims of a token that passes all checks. Issuer and audience are compared octet by octet
/// with the settings; where these are empty, no token passes. `now`: seconds since 1970. Refuses
/// with the first problem in the order above.
base::Result<Claims, std::string_view> check_token(std::string_view token, const KeySet& keys,
                                                   const config::TokenSettings& settings,
                                                   std::int64_t now);

} // namespace tokens
