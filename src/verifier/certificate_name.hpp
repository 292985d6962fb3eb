// SPDX-License-Identifier: ISC
// Which user a client certificate names, in the words of the TLS wrapper that has verified it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace verifier {

/// Octets of a distinguished name; what is longer names nobody.
inline constexpr std::size_t max_distinguished_name = 1024;

/// The value of the one attribute `key` (`CN`, `emailAddress`) in a distinguished name as OpenSSL
/// prints it in one line: `C=DE, O="Example, Inc.", CN=alice`, the signs `+` and `/` between
/// attributes as well. Nothing when there is none, when there are several, when a value is quoted
/// in part, or has an escape in it: no user has such a name.
std::optional<std::string> attribute_in(std::string_view distinguished_name, std::string_view key);

} // namespace verifier
