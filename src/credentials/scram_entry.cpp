// SPDX-License-Identifier: ISC
#include "credentials/scram_entry.hpp"

#include "credentials/authenticate.hpp"

namespace credentials {

std::string scram_entry(const ScramVerifier& verifier, std::string_view hash) {
  return to_text(verifier) + ";" + scram_tag(hash);
}

std::optional<ScramVerifier> verifier_of(const User& user) {
  if (is_disabled(user.hash))
    return {};
  if (const auto scheme = scheme_of(user.hash); scheme && *scheme == "SCRAM-SHA-256")
    return parse_scram(user.hash);
  const auto end = user.scram.rfind(';');
  if (end == std::string::npos || user.scram.substr(end + 1) != scram_tag(user.hash))
    return {};
  return parse_scram(std::string_view(user.scram).substr(0, end));
}

} // namespace credentials
