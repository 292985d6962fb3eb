// SPDX-License-Identifier: ISC
#include "users/scram_entry.hpp"

#include "passwords/password_hash.hpp"

namespace users {

namespace {

bool is_verifier(std::string_view hash) {
  const auto scheme = passwords::scheme_of(hash);
  return scheme && *scheme == "SCRAM-SHA-256";
}

} // namespace

std::string scram_entry(const passwords::ScramVerifier& verifier, std::string_view hash) {
  return to_text(verifier) + ";" + passwords::scram_tag(hash);
}

std::optional<passwords::ScramVerifier> verifier_of(const User& user) {
  if (is_disabled(user.hash))
    return {};
  if (is_verifier(user.hash))
    return passwords::parse_scram(user.hash);
  const auto end = user.scram.rfind(';');
  if (end == std::string::npos || user.scram.substr(end + 1) != passwords::scram_tag(user.hash))
    return {};
  return passwords::parse_scram(std::string_view(user.scram).substr(0, end));
}

ScramState scram_state(const User& user) {
  const auto end = user.scram.rfind(';');
  const bool is_whole = end != std::string::npos &&
                        passwords::parse_scram(std::string_view(user.scram).substr(0, end));
  const bool is_hash = is_verifier(user.hash);
  if (!is_hash && user.scram.empty())
    return ScramState::none;
  if (!is_hash && !is_whole)
    return ScramState::malformed;
  if (is_disabled(user.hash))
    return ScramState::disabled;
  if (is_hash)
    return verifier_of(user) ? ScramState::the_hash : ScramState::malformed;
  return verifier_of(user) ? ScramState::beside : ScramState::stale;
}

void ScramTally::count(const User& user) {
  const std::string_view beside(user.scram);
  const auto verifier = passwords::parse_scram(
      is_verifier(user.hash) ? user.hash : beside.substr(0, beside.find(';')));
  if (!verifier)
    return;
  const auto parameters = passwords::parameters_of(*verifier);
  const auto number = ++counts_[parameters];
  if (number <= most_)
    return;
  most_ = number;
  most_common_ = parameters;
}

} // namespace users
