// SPDX-License-Identifier: ISC
// Two keys, the settings of a site, and tokens with the changes of a test.
#pragma once

#include "signer.hpp"
#include "tokens/token.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fixture {

using config::TokenSettings;
using tokens::check_token;
using tokens::KeySet;
namespace token_problem = tokens::token_problem;

inline constexpr std::int64_t now = 1'800'000'000;
inline const TokenSettings settings{"", "https://id.example.org", "pop.example.org", "email"};
inline const Signer signer(1), other(2);
inline const std::string good_header = R"({"alg":"EdDSA","kid":"one","typ":"JWT"})";

inline KeySet set_of(std::initializer_list<std::string> keys) {
  std::string text;
  for (const auto& key : keys)
    text += (text.empty() ? "{\"keys\":[" : ",") + key;
  return KeySet::parse(text + "]}").value();
}

inline KeySet keys() {
  return set_of({other.key(R"(,"kid":"two")"), signer.key(R"(,"kid":"one")")});
}

/// A change of the good claims: a name and its JSON value; an empty value removes the claim.
using Change = std::pair<std::string, std::string>;
inline std::string claims(std::initializer_list<Change> changes = {}) {
  std::vector<Change> all = {
      {"iss", R"("https://id.example.org")"}, {"aud", R"("pop.example.org")"},
      {"exp", std::to_string(now + 3600)},    {"iat", std::to_string(now)},
      {"email", R"("alice@example.org")"},    {"email_verified", "true"}};
  for (const auto& change : changes) {
    std::erase_if(all, [&](const Change& claim) { return claim.first == change.first; });
    all.push_back(change);
  }
  std::string text;
  for (const auto& [name, value] : all)
    if (!value.empty())
      text.append(text.empty() ? "{\"" : ",\"").append(name).append("\":").append(value);
  return text + "}";
}

inline std::string good_token() {
  return signer.token(good_header, claims());
}

inline auto check(std::string_view token) {
  return check_token(token, keys(), settings, now);
}

/// The problem of the token; nothing when it is accepted.
inline std::optional<std::string_view> problem(std::string_view token, const KeySet& set = keys(),
                                               const TokenSettings& wanted = settings) {
  const auto checked = check_token(token, set, wanted, now);
  return checked ? std::nullopt : std::optional(checked.error());
}

inline std::optional<std::string_view> problem_with(std::initializer_list<Change> changes) {
  return problem(signer.token(good_header, claims(changes)));
}

inline std::optional<std::string_view> problem_of_header(const std::string& header) {
  return problem(signer.token(header, claims()));
}

inline constexpr auto accepted = std::nullopt;

} // namespace fixture
