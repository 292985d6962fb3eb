// SPDX-License-Identifier: ISC
#include "pop3/sasl.hpp"

#include "pop3/capabilities.hpp"
#include "pop3/command.hpp"
#include "pop3/sasl_external.hpp"
#include "pop3/sasl_oauth.hpp"
#include "pop3/sasl_plain.hpp"
#include "pop3/sasl_scram.hpp"

namespace pop3 {

namespace {

// clang-format off
// name, sends password, condition, start
constexpr SaslMechanism mechanisms[] = {
    {"SCRAM-SHA-256", false, &SessionProfile::scram,    start_scram},       // RFC 7677
    {"EXTERNAL",      false, &SessionProfile::external, start_external},    // RFC 4422 appendix A
    {"PLAIN",         true,  nullptr,         start_plain},       // RFC 4616
    {"OAUTHBEARER",   true,  &SessionProfile::oauth,    start_oauthbearer}, // RFC 7628
    {"XOAUTH2",       true,  &SessionProfile::oauth,    start_xoauth2},     // no RFC, precedes 7628
};
// clang-format on

bool is_known(const SaslMechanism& mechanism, const SessionProfile& profile) {
  return mechanism.condition == nullptr || profile.*mechanism.condition;
}

} // namespace

const SaslMechanism* find_mechanism(std::string_view name, const SessionProfile& profile) {
  for (const auto& mechanism : mechanisms)
    if (Command{name, {}}.is(mechanism.name) && is_known(mechanism, profile))
      return &mechanism;
  return nullptr;
}

std::string mechanism_names(const SessionProfile& profile) {
  std::string names;
  for (const auto& mechanism : mechanisms)
    if (is_known(mechanism, profile) && (profile.is_protected || !mechanism.sends_password))
      names.append(names.empty() ? "" : " ").append(mechanism.name);
  return names;
}

} // namespace pop3
