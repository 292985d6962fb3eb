// SPDX-License-Identifier: ISC
// The SASL mechanisms we know (RFC 4422), each as an exchange of messages without any I/O.
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
/// The response does not follow the mechanism's grammar.
struct Malformed {};

/// One run of one mechanism.
class Exchange {
 public:
  using Step = std::variant<Challenge, Credentials, Malformed>;

  virtual ~Exchange() = default;
  /// Takes the client's next response; credentials end the exchange, as does Malformed.
  virtual Step respond(std::string_view response) = 0;
};

/// A row of the table of mechanisms.
struct SaslMechanism {
  std::string_view name; ///< As SASL and AUTH show it.
  /// The client speaks first: without an initial response it gets an empty challenge. Of the others
  /// an initial response is refused (RFC 5034 section 4).
  bool client_first;
  /// Sends the password itself, so that it is for protected connections only.
  bool sends_password;
  std::unique_ptr<Exchange> (*start)();
};

/// Null for a name nobody knows. Names are compared without regard to case (RFC 5034 section 5).
const SaslMechanism* find_mechanism(std::string_view name);

/// The names of all that may be used, separated by blanks; empty when none may.
std::string mechanism_names(bool is_protected);

} // namespace pop3
