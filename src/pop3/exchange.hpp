// SPDX-License-Identifier: ISC
// One exchange by a SASL mechanism (RFC 4422), as messages without any I/O.
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
/// The gatekeeper's decision about the login.
struct Attempt {
  std::string name; ///< The name that was tried; empty when the client has sent none.
  base::Result<std::unique_ptr<Maildrop>, Denial> login;
};
/// The response does not follow the mechanism's grammar.
struct Malformed {};

/// Asks the gatekeeper as soon as the client has sent enough.
class Exchange {
 public:
  using Step = std::variant<Challenge, Attempt, Malformed>;

  virtual ~Exchange() = default;
  /// Takes the client's next response. Attempt and Malformed end the exchange.
  virtual Step respond(std::string_view response) = 0;
};

/// Tries a login by credentials that fit in one request.
inline Attempt attempt(Gatekeeper& gatekeeper, const Credentials& credentials) {
  return {credentials.name, gatekeeper.login(credentials)};
}

} // namespace pop3
