// SPDX-License-Identifier: ISC
#include "pop3/bearer_message.hpp"

#include "pop3/command.hpp"
#include "pop3/limits.hpp"
#include "pop3/sasl_name.hpp"

#include <algorithm>
#include <vector>

namespace pop3 {

namespace {

constexpr std::string_view separator = "\x01";
constexpr std::string_view token_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/";
constexpr auto letters = token_characters.substr(0, 2 * 26);

struct Pair {
  std::string_view key;
  std::string_view value;
};

/// The pairs of a message, each with a separator behind it, and one more separator at the end.
std::optional<std::vector<Pair>> parse_pairs(std::string_view message) {
  std::vector<Pair> pairs;
  while (message != separator) {
    const auto end = message.find(separator);
    const auto equals = message.find('=');
    if (end == message.npos || equals == 0 || equals > end || pairs.size() == max_bearer_pairs)
      return {};
    const auto key = message.substr(0, equals);
    if (std::ranges::find(pairs, key, &Pair::key) != pairs.end())
      return {};
    pairs.push_back({key, message.substr(equals + 1, end - equals - 1)});
    message.remove_prefix(end + 1);
  }
  return pairs;
}

bool is_value_character(char c) {
  return (c >= ' ' && c < 0x7f) || c == '\t' || c == '\r' || c == '\n';
}

bool is_well_formed(const Pair& pair) {
  return pair.key.find_first_not_of(letters) == pair.key.npos &&
         std::ranges::all_of(pair.value, is_value_character);
}

/// The credentials with the token in `value` (RFC 6750 section 2.1). The scheme is compared without
/// regard to case (RFC 9110 section 11.1).
std::optional<Credentials> bearer_credentials(Mechanism mechanism, std::string_view name,
                                              std::string_view value) {
  const Command words = parse_command(value);
  if (!words.is("BEARER") || !words.rest)
    return {};
  auto token = *words.rest;
  token.remove_prefix(std::min(token.find_first_not_of(' '), token.size()));
  const auto text = token.substr(0, token.find_last_not_of('=') + 1); // padding, at the end only
  if (text.empty() || text.find_first_not_of(token_characters) != text.npos ||
      token.size() > max_token)
    return {};
  return Credentials{mechanism, std::string(name), base::Secret(token)};
}

} // namespace

std::optional<Credentials> parse_oauthbearer(std::string_view message) {
  const auto header = take_gs2_header(message);
  if (!header || !message.starts_with(separator))
    return {};
  const auto pairs = parse_pairs(message.substr(1));
  if (!pairs || !std::ranges::all_of(*pairs, is_well_formed))
    return {};
  const auto auth = std::ranges::find(*pairs, "auth", &Pair::key);
  if (auth == pairs->end())
    return {};
  return bearer_credentials(Mechanism::oauthbearer, header->authorization_identity, auth->value);
}

std::optional<Credentials> parse_xoauth2(std::string_view message) {
  const auto pairs = parse_pairs(message);
  if (!pairs || pairs->size() != 2)
    return {};
  const auto& user = pairs->front();
  const auto& auth = pairs->back();
  if (user.key != "user" || !is_sasl_name(user.value) || auth.key != "auth")
    return {};
  return bearer_credentials(Mechanism::xoauth2, user.value, auth.value);
}

} // namespace pop3
