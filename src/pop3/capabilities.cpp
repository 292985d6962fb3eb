// SPDX-License-Identifier: ISC
#include "pop3/capabilities.hpp"

#include "pop3/sasl.hpp"

namespace pop3 {

Listing capabilities(const SessionProfile& profile, bool logged_in) {
  std::vector<std::string> lines = {"TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING"};
  if (is_possible(Mechanism::user_pass, profile))
    lines.emplace_back("USER");
  if (const auto names = mechanism_names(profile); !names.empty())
    lines.emplace_back("SASL " + names);
  lines.emplace_back("EXPIRE NEVER");
  lines.emplace_back("IMPLEMENTATION sodapop" + (logged_in ? "-" + profile.version : ""));
  return listing_of(std::move(lines));
}

} // namespace pop3
