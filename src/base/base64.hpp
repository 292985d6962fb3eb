// SPDX-License-Identifier: ISC
// Base64 (RFC 4648), computed by libsodium.
#pragma once

#include "base/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace base {

enum class Base64 {
  padded,   ///< RFC 4648 section 4, which SASL exchanges use (RFC 5034 section 4).
  unpadded, ///< The same without padding.
  url       ///< RFC 4648 section 5 without padding, which tokens use (RFC 7515 section 2).
};

/// Decodes `text`. Nothing when it has a character outside the alphabet, a wrong length, padding
/// other than the form's, or bits after the last octet that are not zero, so that no two texts
/// give the same octets.
std::optional<Secret> decode_base64(std::string_view text, Base64 form = Base64::padded);

std::string encode_base64(std::string_view octets, Base64 form = Base64::padded);

} // namespace base
