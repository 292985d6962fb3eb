// SPDX-License-Identifier: ISC
// The mechanisms by which a client can log in: USER with PASS, and those of SASL.
#pragma once

#include <cstdint>
#include <string_view>

namespace pop3 {

enum class Mechanism : std::uint8_t { user_pass, plain, external, oauthbearer, xoauth2, scram };

/// What proves to the server that the client is the user.
enum class Proof : std::uint8_t {
  password,    ///< In one message with the name.
  certificate, ///< Shown to the TLS wrapper, which has verified it.
  token,       ///< Of an authorization server, in place of a password.
  scram        ///< An exchange of several messages, from which the password cannot be taken.
};

struct MechanismTraits {
  Mechanism mechanism;
  std::string_view name; ///< As the capability SASL, the command AUTH and the log have it.
  Proof proof;
  /// The client sends the password or token itself, so that this is for protected connections only.
  bool sends_secret;
};

// clang-format off
inline constexpr MechanismTraits mechanism_table[] = {
    {Mechanism::user_pass,   "USER",          Proof::password,    true},  // RFC 1939 section 7
    {Mechanism::plain,       "PLAIN",         Proof::password,    true},  // RFC 4616
    {Mechanism::external,    "EXTERNAL",      Proof::certificate, false}, // RFC 4422 appendix A
    {Mechanism::oauthbearer, "OAUTHBEARER",   Proof::token,       true},  // RFC 7628
    {Mechanism::xoauth2,     "XOAUTH2",       Proof::token,       true},  // no RFC, precedes 7628
    {Mechanism::scram,       "SCRAM-SHA-256", Proof::scram,       false}, // RFC 7677
};
// clang-format on

/// The row of `mechanism`; null for a number that is none, as a message may have one.
constexpr const MechanismTraits* find_traits(Mechanism mechanism) {
  for (const auto& row : mechanism_table)
    if (row.mechanism == mechanism)
      return &row;
  return nullptr;
}

/// The row of `mechanism`, which must be in the table.
constexpr const MechanismTraits& traits_of(Mechanism mechanism) {
  return *find_traits(mechanism);
}

} // namespace pop3
