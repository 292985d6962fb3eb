// SPDX-License-Identifier: ISC
#include "pop3/bearer_message.hpp"

#include "pop3/command.hpp"
#include "pop3/limits.hpp"
#include "pop3/sasl_name.hpp"

#include <algorithm>
#include <vector>

namespace pop3 {

namespace {

constexpr char separator = '\x01';
constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view not_letters = "0123456789-._~+/"; // allowed in a token, too

struct Pair {
  std::string_view key;
  std::string_view value;
};

bool is_value_character(char c) {
  return (c >= ' ' && c < 0x7f) || c == '\t' || c == '\r' || c == '\n';
}

/// Takes a pair and the separator that ends it off the front of `message`.
std::optional<Pair> take_pair(std::string_view& message) {
  const auto end = message.find(separator);
  if (end == message.npos)
    return {};
  const auto pair = message.substr(0, end);
  const auto equals = pair.find('=');
  if (equals == 0 || equals == pair.npos)
    return {};
  message.remove_prefix(end + 1);
  return Pair{pair.substr(0, equals), pair.substr(equals + 1)};
}

bool is_well_formed(const Pair& pair) {
  return pair.key.find_first_not_of(letters) == pair.key.npos &&
         std::ranges::all_of(pair.value, is_value_character);
}

/// The token in `value` (RFC 6750 section 2.1). The scheme is compared without regard to case (RFC
/// 9110 section 11.1).
std::optional<std::string_view> bearer_token(std::string_view value) {
  const auto blank = std::min(value.find(' '), value.size());
  if (!Command{value.substr(0, blank), {}}.is("BEARER"))
    return {};
  value.remove_prefix(std::min(value.find_first_not_of(' ', blank), value.size()));
  const auto token = value;
  value = value.substr(0, value.find_last_not_of('=') + 1); // padding, at the end only
  const bool is_token = !value.empty() && std::ranges::all_of(value, [](char c) {
    return letters.find(c) != letters.npos || not_letters.find(c) != not_letters.npos;
  });
  if (!is_token || token.size() > max_token)
    return {};
  return token;
}

} // namespace

std::optional<BearerMessage> parse_oauthbearer(std::string_view message) {
  const auto header = take_gs2_header(message);
  if (!header || !message.starts_with(separator))
    return {};
  message.remove_prefix(1);
  std::vector<std::string_view> keys;
  std::optional<std::string_view> token;
  while (!message.empty() && message.front() != separator) {
    const auto pair = take_pair(message);
    if (!pair || !is_well_formed(*pair) || keys.size() == max_bearer_pairs ||
        std::ranges::find(keys, pair->key) != keys.end())
      return {};
    keys.push_back(pair->key);
    if (pair->key == "auth" && !(token = bearer_token(pair->value)))
      return {};
  }
  if (!token || message.size() != 1)
    return {};
  return BearerMessage{header->authorization_identity, *token};
}

std::optional<BearerMessage> parse_xoauth2(std::string_view message) {
  const auto user = take_pair(message);
  const auto auth = user ? take_pair(message) : std::nullopt;
  if (!auth || user->key != "user" || !is_sasl_name(user->value) || auth->key != "auth" ||
      message.size() != 1 || message.front() != separator)
    return {};
  const auto token = bearer_token(auth->value);
  if (!token)
    return {};
  return BearerMessage{std::string(user->value), *token};
}

} // namespace pop3
