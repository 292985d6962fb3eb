// SPDX-License-Identifier: ISC
#include "pop3/capabilities.hpp"

#include "pop3/sasl.hpp"

#include <vector>

namespace pop3 {

namespace {

std::vector<std::string> lines_for(const SessionProfile& profile, bool logged_in) {
  std::vector<std::string> lines = {"TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING"};
  if (is_possible(Mechanism::user_pass, profile))
    lines.emplace_back("USER");
  if (const auto names = mechanism_names(profile); !names.empty())
    lines.emplace_back("SASL " + names);
  lines.emplace_back("EXPIRE NEVER");
  lines.emplace_back(logged_in ? "IMPLEMENTATION sodapop-" + profile.version
                               : "IMPLEMENTATION sodapop");
  return lines;
}

} // namespace

Listing capabilities(const SessionProfile& profile, bool logged_in) {
  return [lines = lines_for(profile, logged_in), next = std::size_t{0}](std::string& out) mutable {
    if (next == lines.size())
      return false;
    out.append(lines[next++]).append("\r\n");
    return true;
  };
}

} // namespace pop3
