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

std::uint32_t scram_iterations_of(const User& user) {
  auto verifier = passwords::parse_scram(user.scram.substr(0, user.scram.find(';')));
  if (!verifier && is_verifier(user.hash))
    verifier = passwords::parse_scram(user.hash);
  return verifier ? verifier->iterations : 0;
}

} // namespace users
