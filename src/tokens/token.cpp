// SPDX-License-Identifier: ISC
#include "tokens/token.hpp"

#include "base/ascii.hpp"
#include "base/base64.hpp"
#include "base/split.hpp"
#include "tokens/json.hpp"
#include "users/user.hpp"

#include <algorithm>

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

/// A media type without `application/`, which may be left out (RFC 7515 section 4.1.9).
std::string_view short_type(std::string_view type) {
  constexpr std::string_view common = "application/";
  if (base::equal_ignoring_case(type.substr(0, common.size()), common))
    type.remove_prefix(common.size());
  return type;
}

bool is_one_of(std::string_view type, std::string_view types) {
  while (!types.empty())
    if (base::equal_ignoring_case(short_type(base::take_field(types, ',')), short_type(type)))
      return true;
  return false;
}

/// The members of the header that are used. Keys, certificates and addresses in it are ignored, as
/// they are the sender's.
struct Header {
  Algorithm algorithm;
  std::optional<std::string> key_id;
};

base::Result<Header, std::string_view> read_header(std::string_view part, std::string_view types) {
  const auto header = object_in(part);
  if (!header || !is_text_or_absent(*header, "kid") || !is_text_or_absent(*header, "typ"))
    return base::Refused{token_problem::malformed};
  if (member(*header, "crit") != nullptr)
    return base::Refused{token_problem::critical};
  const auto* type = string_member(*header, "typ");
  if (!is_one_of(type == nullptr ? "JWT" : *type, types))
    return base::Refused{token_problem::wrong_type};
  const auto* name = string_member(*header, "alg");
  const auto algorithm = name == nullptr ? std::nullopt : algorithm_named(*name);
  if (!algorithm)
    return base::Refused{token_problem::algorithm};
  const auto* key_id = string_member(*header, "kid");
  return Header{*algorithm, key_id == nullptr ? std::nullopt : std::optional(*key_id)};
}

/// The key determines the algorithm: the header has to name the same one.
Problem problem_of_signature(const Parts& parts, const KeySet& keys, std::string_view types) {
  const auto header = read_header(parts.header, types);
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

Problem problem_of_dates(const Json& claims, std::int64_t now, std::int64_t longest) {
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
  if (!is_past("nbf") || !is_past("iat"))
    return token_problem::not_yet_valid;
  const auto* issued = member(claims, "iat");
  const auto begin = issued == nullptr ? now : *date(*issued);
  return *date(*expiry) - begin <= longest ? Problem() : token_problem::lifetime;
}

/// A claim of tokens that are no access tokens, and its value there; an empty value is any.
struct Mark {
  std::string_view claim, value;
};

/// Of ID tokens (OpenID Connect Core 1.0 sections 2 and 3.3.2.11, FAPI 1.0 part 2), of logout
/// tokens (OpenID Connect Back-Channel Logout 1.0 section 2.4), and of servers that write the kind
/// of a token into a claim: Keycloak as `typ`, Amazon Cognito as `token_use`.
constexpr Mark marks_of_others[] = {
    {"nonce", ""}, {"at_hash", ""},   {"c_hash", ""},     {"s_hash", ""},     {"events", ""},
    {"typ", "ID"}, {"typ", "Logout"}, {"typ", "Refresh"}, {"typ", "Offline"}, {"token_use", "id"}};

bool is_access_token(const Json& claims) {
  return std::ranges::none_of(marks_of_others, [&](const Mark& mark) {
    const auto* claim = member(claims, mark.claim);
    return claim != nullptr && (mark.value.empty() || is_or_has(*claim, mark.value));
  });
}

/// Scopes are words in a string (RFC 9068 section 2.2.3, RFC 8693 section 4.2), or strings in an
/// array; some servers call the claim `scp`.
bool has_scope(const Json& claims, std::string_view scope) {
  const auto* scopes = member(claims, "scope");
  if (scopes == nullptr)
    scopes = member(claims, "scp");
  const auto* text = scopes == nullptr ? nullptr : scopes->get_ptr<const std::string*>();
  if (text == nullptr)
    return scopes != nullptr && is_or_has(*scopes, scope);
  const auto words = base::words_of(*text, " ");
  return std::ranges::find(words, scope) != words.end();
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
  if (!is_access_token(claims))
    return token_problem::no_access_token;
  if (member(claims, "cnf") != nullptr)
    return token_problem::bound;
  if (!settings.oauth_scope.empty() && !has_scope(claims, settings.oauth_scope))
    return token_problem::wrong_scope;
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
  if (const auto problem = problem_of_signature(*parts, keys, settings.oauth_types))
    return base::Refused{*problem};
  const auto claims = object_in(parts->claims);
  if (!claims)
    return base::Refused{token_problem::malformed_claims};
  if (const auto problem = problem_of_dates(*claims, now, settings.oauth_lifetime))
    return base::Refused{*problem};
  if (const auto problem = problem_of_claims(*claims, settings))
    return base::Refused{*problem};
  return Claims{*string_member(*claims, settings.oauth_user_claim), *date(*member(*claims, "exp"))};
}

} // namespace tokens
