// SPDX-License-Identifier: ISC
#include "tokens/token.hpp"

#include "base/base64.hpp"
#include "tokens/json.hpp"
#include "users/user.hpp"

namespace tokens {

namespace {

using Problem = std::optional<std::string_view>;

/// The compact serialization (RFC 7515 section 7.1).
struct Parts {
  std::string_view header, claims, signature;
  std::string_view signed_text; ///< Header and claims, with the dot.
};

std::optional<Parts> split(std::string_view token) {
  const auto first = token.find('.'), last = token.rfind('.');
  if (first == last || token.find('.', first + 1) != last)
    return {};
  const Parts parts{token.substr(0, first), token.substr(first + 1, last - first - 1),
                    token.substr(last + 1), token.substr(0, last)};
  if (parts.header.empty() || parts.claims.empty() || parts.signature.empty())
    return {};
  return parts;
}

std::optional<Json> object_in(std::string_view part) {
  const auto text = base::decode_base64(part, base::Base64::url);
  return text ? parse_object(text->reveal()) : std::nullopt;
}

/// The members of the header that are used. Keys, certificates and addresses in it are ignored, as
/// they are the sender's.
struct Header {
  Algorithm algorithm;
  std::optional<std::string> key_id;
};

base::Result<Header, std::string_view> read_header(std::string_view part) {
  const auto header = object_in(part);
  const auto* key_id = header ? member(*header, "kid") : nullptr;
  if (!header || (key_id != nullptr && !key_id->is_string()))
    return base::Refused{token_problem::malformed};
  if (member(*header, "crit") != nullptr)
    return base::Refused{token_problem::critical};
  const auto* name = string_member(*header, "alg");
  const auto algorithm = name == nullptr ? std::nullopt : algorithm_named(*name);
  if (!algorithm)
    return base::Refused{token_problem::algorithm};
  return Header{*algorithm,
                key_id == nullptr ? std::nullopt : std::optional(key_id->get<std::string>())};
}

/// The key determines the algorithm: the header has to name the same one.
Problem problem_of_signature(const Parts& parts, const KeySet& keys) {
  const auto header = read_header(parts.header);
  const auto signature = base::decode_base64(parts.signature, base::Base64::url);
  if (!header || !signature)
    return header ? token_problem::malformed : header.error();
  auto problem = token_problem::unknown_key;
  std::size_t tries = 0;
  for (const auto& [id, key] : keys.keys()) {
    if (key.algorithm() != header->algorithm || (header->key_id && id != header->key_id))
      continue;
    if (key.verifies(signature->reveal(), parts.signed_text))
      return {};
    problem = token_problem::bad_signature;
    if (++tries == max_tries)
      break;
  }
  return problem;
}

/// A NumericDate (RFC 7519 section 2), without the fraction of a second.
std::optional<std::int64_t> date(const Json& value) {
  constexpr auto last = static_cast<double>(last_date);
  if (!value.is_number())
    return {};
  const auto seconds = value.get<double>();
  if (!(seconds >= 0 && seconds < last + 1))
    return {};
  return static_cast<std::int64_t>(seconds);
}

Problem problem_of_dates(const Json& claims, std::int64_t now) {
  const auto is_date = [&](const char* name) {
    const auto* value = member(claims, name);
    return value == nullptr || date(*value);
  };
  const auto is_past = [&](const char* name) {
    const auto* value = member(claims, name);
    return value == nullptr || *date(*value) <= now + leeway;
  };
  if (!is_date("exp") || !is_date("nbf") || !is_date("iat"))
    return token_problem::malformed_claims;
  const auto* expiry = member(claims, "exp");
  if (expiry == nullptr)
    return token_problem::no_expiry;
  if (*date(*expiry) <= now - leeway)
    return token_problem::expired;
  return is_past("nbf") && is_past("iat") ? Problem() : token_problem::not_yet_valid;
}

/// Some servers write their booleans as strings.
bool is_verified(const Json& claims) {
  const auto* verified = member(claims, "email_verified");
  return verified != nullptr && (*verified == Json(true) || *verified == Json("true"));
}

Problem problem_of_claims(const Json& claims, const config::TokenSettings& settings) {
  const auto* issuer = string_member(claims, "iss");
  if (issuer == nullptr || settings.oauth_issuer.empty() || *issuer != settings.oauth_issuer)
    return token_problem::wrong_issuer;
  const auto* audience = member(claims, "aud"); // a string or an array (RFC 7519 section 4.1.3)
  if (audience == nullptr || settings.oauth_audience.empty() ||
      !is_or_has(*audience, settings.oauth_audience))
    return token_problem::wrong_audience;
  if (member(claims, "cnf") != nullptr)
    return token_problem::bound;
  if (settings.oauth_user_claim == "email" && !is_verified(claims))
    return token_problem::unverified_email;
  const auto* user = string_member(claims, settings.oauth_user_claim);
  return user != nullptr && users::is_valid_name(*user) ? Problem() : token_problem::no_user;
}

} // namespace

base::Result<Claims, std::string_view> check_token(std::string_view token, const KeySet& keys,
                                                   const config::TokenSettings& settings,
                                                   std::int64_t now) {
  if (token.size() > max_token)
    return base::Refused{token_problem::too_long};
  const auto parts = split(token);
  if (!parts)
    return base::Refused{token_problem::malformed};
  if (const auto problem = problem_of_signature(*parts, keys))
    return base::Refused{*problem};
  const auto claims = object_in(parts->claims);
  if (!claims)
    return base::Refused{token_problem::malformed_claims};
  if (const auto problem = problem_of_dates(*claims, now))
    return base::Refused{*problem};
  if (const auto problem = problem_of_claims(*claims, settings))
    return base::Refused{*problem};
  return Claims{*string_member(*claims, settings.oauth_user_claim), *date(*member(*claims, "exp"))};
}

} // namespace tokens
