// SPDX-License-Identifier: ISC
#include "pop3/sasl.hpp"

#include "pop3/command.hpp"
#include "pop3/sasl_external.hpp"
#include "pop3/sasl_oauth.hpp"
#include "pop3/sasl_plain.hpp"
#include "pop3/sasl_scram.hpp"

namespace pop3 {

namespace {

/// In the order in which they are offered, the best first.
constexpr SaslMechanism exchanges[] = {
    {Mechanism::scram, start_scram},     {Mechanism::external, start_external},
    {Mechanism::plain, start_plain},     {Mechanism::oauthbearer, start_oauthbearer},
    {Mechanism::xoauth2, start_xoauth2},
};

} // namespace

const SaslMechanism* find_mechanism(std::string_view name, const SessionProfile& profile) {
  for (const auto& row : exchanges)
    if (Command{name, {}}.is(traits_of(row.mechanism).name) && is_known(row.mechanism, profile))
      return &row;
  return nullptr;
}

std::string mechanism_names(const SessionProfile& profile) {
  std::string names;
  for (const auto& row : exchanges)
    if (is_possible(row.mechanism, profile))
      names.append(names.empty() ? "" : " ").append(traits_of(row.mechanism).name);
  return names;
}

} // namespace pop3
