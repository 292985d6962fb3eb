// SPDX-License-Identifier: ISC
// What the monitor asks a verifier.
#pragma once

#include "pop3/gatekeeper.hpp"
#include "privsep/message.hpp"

#include <variant>

namespace privsep {

/// An exchange of SCRAM-SHA-256 as the monitor remembers it: what the client began with and what it
/// was offered. Our part of the nonce is the monitor's own, so that no front can play back a proof
/// that it has seen.
struct ScramExchange {
  pop3::ScramStart start;
  pop3::ScramOffer offer;
};

struct ScramProof {
  const ScramExchange& exchange;
  pop3::ScramFinal final;
};

/// Does this password, certificate or token let somebody in? What is a client to be offered? Is
/// this proof right? Whatever is pointed at must outlive the question.
using Question = std::variant<const LoginRequest*, const TokenRequest*, const pop3::ScramStart*,
                              const ScramProof*>;

} // namespace privsep
