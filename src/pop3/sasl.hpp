// SPDX-License-Identifier: ISC
// The SASL mechanisms that are implemented (RFC 4422), as messages without any I/O. In all of them
// the client speaks first: without an initial response it gets an empty challenge (RFC 5034 section
// 4).
#pragma once

#include "pop3/gatekeeper.hpp"
#include "pop3/session_profile.hpp"

#include <memory>
#include <optional>
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

/// One exchange. Asks the gatekeeper as soon as the client has sent enough.
class Exchange {
 public:
  using Step = std::variant<Challenge, Attempt, Malformed>;

  virtual ~Exchange() = default;
  /// Takes the client's next response. Attempt and Malformed end the exchange.
  virtual Step respond(std::string_view response) = 0;
};

/// Nothing for a name without a mechanism that is_known() in `profile`. Names are compared without
/// regard to case (RFC 5034 section 5).
std::optional<Mechanism> find_mechanism(std::string_view name, const SessionProfile& profile);

/// The names of all mechanisms for which is_possible() holds, separated by blanks; empty when there
/// are none.
std::string mechanism_names(const SessionProfile& profile);

/// The name in the client's first response, in Base64; empty when it has none, or is malformed.
/// `mechanism` takes one message.
std::string name_in(Mechanism mechanism, std::string_view base64);

/// `mechanism` is any but user_pass; `gatekeeper` must outlive the exchange.
std::unique_ptr<Exchange> start_exchange(Mechanism mechanism, Gatekeeper& gatekeeper);

} // namespace pop3
