// SPDX-License-Identifier: ISC
// The requests of the monitor to a verifier.
#pragma once

#include "ipc/message.hpp"
#include "pop3/gatekeeper.hpp"

#include <variant>

namespace verifier {

/// An exchange of SCRAM-SHA-256 as the monitor stores it: the client's first message and the offer.
/// The monitor makes the server's part of the nonce itself, so that no front can replay a proof
/// that it has seen.
struct ScramExchange {
  pop3::ScramStart start;
  pop3::ScramOffer offer;
};

struct ScramProof {
  const ScramExchange& exchange;
  pop3::ScramFinal final;
};

/// A request to verify a password, certificate or token, to make an offer to a client, or to check
/// a proof. The object that it points to must outlive it.
using VerificationRequest = std::variant<const ipc::LoginRequest*, const ipc::TokenRequest*,
                                         const pop3::ScramStart*, const ScramProof*>;

} // namespace verifier
