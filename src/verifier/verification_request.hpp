// SPDX-License-Identifier: ISC
// What the monitor asks a verifier.
#pragma once

#include "ipc/message.hpp"
#include "pop3/gatekeeper.hpp"

#include <variant>

namespace verifier {

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
using VerificationRequest = std::variant<const ipc::LoginRequest*, const ipc::TokenRequest*,
                                         const pop3::ScramStart*, const ScramProof*>;

} // namespace verifier
