// SPDX-License-Identifier: ISC
// Base64 (RFC 4648), computed by libsodium.
#pragma once

#include "base/secret.hpp"

#include <optional>
#include <sodium/utils.h>
#include <string>
#include <string_view>

namespace base {

/// The values are libsodium's.
enum class Base64 {
  /// RFC 4648 section 4, which SASL exchanges use (RFC 5034 section 4).
  padded = sodium_base64_VARIANT_ORIGINAL,
  /// The same without padding.
  unpadded = sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
  /// RFC 4648 section 5 without padding, which tokens use (RFC 7515 section 2).
  url = sodium_base64_VARIANT_URLSAFE_NO_PADDING
};

/// Decodes `text`. Nothing when it has a character outside the alphabet, a wrong length, padding
/// other than the form's, or bits after the last octet that are not zero, so that no two texts
/// give the same octets.
std::optional<Secret> decode_base64(std::string_view text, Base64 form = Base64::padded);

std::string encode_base64(std::string_view octets, Base64 form = Base64::padded);

} // namespace base
