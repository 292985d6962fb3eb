// SPDX-License-Identifier: ISC
// One run of one SASL mechanism (RFC 4422), as messages without any I/O.
#pragma once

#include "pop3/gatekeeper.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace pop3 {

/// The mechanism's next challenge, before Base64.
struct Challenge {
  std::string octets;
};
/// The gatekeeper has decided.
struct Attempt {
  std::string name; ///< That was tried; empty where the client has told none.
  base::Result<std::unique_ptr<Maildrop>, Denial> login;
};
/// The response does not follow the mechanism's grammar.
struct Malformed {};

/// Asks the gatekeeper as soon as it has what it takes.
class Exchange {
 public:
  using Step = std::variant<Challenge, Attempt, Malformed>;

  virtual ~Exchange() = default;
  /// Takes the client's next response. An attempt ends the exchange, as does Malformed.
  virtual Step respond(std::string_view response) = 0;
};

/// By credentials that one request carries.
inline Attempt attempt(Gatekeeper& gatekeeper, const Credentials& credentials) {
  return {credentials.name, gatekeeper.login(credentials)};
}

} // namespace pop3
