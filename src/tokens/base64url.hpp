// SPDX-License-Identifier: ISC
// Base64 with the alphabet for URLs and without padding, as defined in RFC 7515 section 2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tokens {

/// Decodes `text`. Nothing when it has a character outside the alphabet, `=` included, an
/// impossible length, or bits after the last octet that are not zero, so that no two texts give the
/// same octets.
std::optional<std::string> decode_base64url(std::string_view text);

} // namespace tokens
