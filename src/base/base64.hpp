// SPDX-License-Identifier: ISC
// Base64 as SASL exchanges use it (RFC 4648 section 4, RFC 5034 section 4).
#pragma once

#include "base/secret.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace base {

/// The most characters that decode_base64() takes: as many as a line of a POP3 client can have
/// (pop3::max_line).
inline constexpr std::size_t max_base64 = 8192;

/// Decodes `text`. Nothing when it has more than max_base64 characters, a character outside the
/// alphabet, a wrong length, padding before its end, or bits after the last octet that are not
/// zero.
std::optional<Secret> decode_base64(std::string_view text);

std::string encode_base64(std::string_view octets);

} // namespace base
