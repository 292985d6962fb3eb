// SPDX-License-Identifier: ISC
// The messages of SCRAM-SHA-256 (RFC 5802 section 7, RFC 7677) as text. The text that both sides
// sign consists of ScramStart::message_bare, server_first() and ScramFinal::without_proof, with
// commas between them; the verifier builds it in this way.
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

/// Nothing when `message` is longer than max_scram_message, when an attribute is missing, doubled,
/// out of order or malformed, when the nonce is longer than max_scram_nonce, or when the client
/// asks for channel binding or for a mandatory extension (`m=`). Other extensions, behind the
/// nonce, are ignored.
std::optional<ScramClientFirst> parse_client_first(std::string_view message);

/// Nothing in the cases above, and when the channel binding is not `header` in Base64, when the
/// nonce is not `nonce` (the client's part and the server's part), or when the proof does not have
/// 32 octets.
std::optional<ScramFinal> parse_client_final(std::string_view message, const Gs2Header& header,
                                             std::string_view nonce);

/// `client_nonce` is ScramStart::nonce.
std::string server_first(std::string_view client_nonce, const ScramOffer& offer);

std::string server_final(const ScramSignature& signature);

} // namespace pop3
