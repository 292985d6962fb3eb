// SPDX-License-Identifier: ISC
// The messages in which a client brings a bearer token (RFC 6750).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pop3 {

struct BearerMessage {
  std::string name; ///< Empty when the token alone tells it.
  std::string_view token;
};

/// RFC 7628 section 3.1: a GS2 header, then pairs of key and value between control-As, of which one
/// is `auth=Bearer TOKEN`; the name is the authorization identity. Other keys are left aside.
/// Nothing when it is malformed, a key comes twice, more than max_bearer_pairs come, or the token
/// is longer than max_token. The token is a part of `message`.
std::optional<BearerMessage> parse_oauthbearer(std::string_view message);

/// The same in the form that was used before the RFC: `user=NAME`, control-A, `auth=Bearer TOKEN`
/// and two control-As; there is always a name.
std::optional<BearerMessage> parse_xoauth2(std::string_view message);

} // namespace pop3
