// SPDX-License-Identifier: ISC
// Bearer tokens: JSON Web Tokens (RFC 7519) signed by the site's authorization server (RFC 7515),
// checked here without asking it. The signature comes first: nothing that a stranger wrote behind
// the header is read as JSON.
#pragma once

#include "base/result.hpp"
#include "tokens/key_set.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tokens {

/// Octets: what fits into one line of a SASL exchange, 8192 of Base64, with a name beside it.
inline constexpr std::size_t max_token = 6000;
/// Seconds by which our clock and the authorization server's may differ (RFC 7519 section 4.1.4).
inline constexpr std::int64_t leeway = 60;
/// Keys that one token is tried with, the first of those that fit: ES256 takes milliseconds, and a
/// stranger's token need not say which key it means. Who has more keys names them in tokens.
inline constexpr std::size_t max_tries = 8;
/// The last second of the year 9999. A later date is a mistake, such as milliseconds.
inline constexpr std::int64_t last_date = 253'402'300'799;

/// What a token has to say. None is empty.
struct TokenPolicy {
  std::string issuer, audience; ///< Compared octet by octet.
  std::string user_claim;       ///< The claim that names the user.
};

struct Claims {
  std::string user;     ///< is_valid_name holds.
  std::int64_t expires; ///< Seconds since 1970; the token is accepted `leeway` longer.
};

enum class TokenProblem {
  too_long,
  malformed,        ///< Not three parts of Base64url, or the header is no object of JSON.
  critical,         ///< An extension that has to be understood, and is not: `crit`.
  algorithm,        ///< `none`, or another than EdDSA, RS256 and ES256.
  unknown_key,      ///< No key of that algorithm has the token's `kid`, or none of that algorithm.
  bad_signature,    ///< By none of the first max_tries of these keys.
  malformed_claims, ///< Signed, but no object of JSON, or a date is no number up to last_date.
  no_expiry,        ///< Without `exp` it would be good for ever.
  expired,
  not_yet_valid, ///< `nbf` or `iat` is in the future.
  wrong_issuer,
  wrong_audience,
  bound,            ///< `cnf`: good only along with a key that POP3 cannot show (RFC 7800).
  unverified_email, ///< The user's name is `email`, and `email_verified` is there and not true.
  no_user,          ///< The user claim is missing, or not a string that is_valid_name.
};

/// For the log: the name with hyphens behind `token-`, such as `token-expired`.
std::string_view log_name(TokenProblem problem);
/// Without full stop. The client may be told no more than that the token was not accepted.
std::string_view description(TokenProblem problem);

/// What the token says about the user, once everything about it is in order. `now`: seconds since
/// 1970. The first problem in the order of TokenProblem is told.
base::Result<Claims, TokenProblem> check_token(std::string_view token, const KeySet& keys,
                                               const TokenPolicy& policy, std::int64_t now);

} // namespace tokens
