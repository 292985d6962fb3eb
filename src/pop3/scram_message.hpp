// SPDX-License-Identifier: ISC
// The messages of SCRAM-SHA-256 (RFC 5802 section 7, RFC 7677) as text. Who checks them builds what
// is signed of the same parts: ScramStart::message_bare, server_first() and
// ScramFinal::without_proof, with commas between.
#pragma once

#include "pop3/gatekeeper.hpp"
#include "pop3/sasl_name.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace pop3 {

struct ScramClientFirst {
  Gs2Header header;
  ScramStart start;
};

/// Nothing when `message` is longer than max_scram_message, has an attribute that is missing,
/// doubled, out of order or malformed, a nonce longer than max_scram_nonce, asks for channel
/// binding or for an extension that we must know (`m=`). Others, behind the nonce, are left aside.
std::optional<ScramClientFirst> parse_client_first(std::string_view message);

/// Nothing in the same cases, and when the channel binding is not `header` in Base64, the nonce is
/// not `nonce`, which is the client's and ours, or the proof does not have 32 octets.
std::optional<ScramFinal> parse_client_final(std::string_view message, const Gs2Header& header,
                                             std::string_view nonce);

/// `client_nonce` as in ScramStart.
std::string server_first(std::string_view client_nonce, const ScramOffer& offer);

std::string server_final(const ScramSignature& signature);

} // namespace pop3
