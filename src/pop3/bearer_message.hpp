// SPDX-License-Identifier: ISC
// Parses the messages in which a client sends a bearer token (RFC 6750).
#pragma once

#include "pop3/gatekeeper.hpp"

#include <optional>
#include <string_view>

namespace pop3 {

/// Parses the message of RFC 7628 section 3.1: a GS2 header, then pairs of key and value between
/// control-As. One pair is `auth=Bearer TOKEN`; the name is the authorization identity. Other keys
/// are ignored. Nothing when the message is malformed, has a key twice or more than
/// max_bearer_pairs pairs, or when the token is longer than max_token.
std::optional<Credentials> parse_oauthbearer(std::string_view message);

/// Parses the form that was used before the RFC: `user=NAME`, control-A, `auth=Bearer TOKEN` and
/// two control-As. The name is never empty. Nothing when the message is malformed or the token is
/// longer than max_token.
std::optional<Credentials> parse_xoauth2(std::string_view message);

} // namespace pop3
