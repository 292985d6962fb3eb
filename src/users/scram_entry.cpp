// SPDX-License-Identifier: ISC
#include "users/scram_entry.hpp"

#include "users/authenticate.hpp"

namespace users {

std::string scram_entry(const passwords::ScramVerifier& verifier, std::string_view hash) {
  return to_text(verifier) + ";" + passwords::scram_tag(hash);
}

std::optional<passwords::ScramVerifier> verifier_of(const User& user) {
  if (is_disabled(user.hash))
    return {};
  if (const auto scheme = passwords::scheme_of(user.hash); scheme && *scheme == "SCRAM-SHA-256")
    return passwords::parse_scram(user.hash);
  const auto end = user.scram.rfind(';');
  if (end == std::string::npos || user.scram.substr(end + 1) != passwords::scram_tag(user.hash))
    return {};
  return passwords::parse_scram(std::string_view(user.scram).substr(0, end));
}

} // namespace users
