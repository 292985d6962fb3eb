// SPDX-License-Identifier: ISC
// Finds the user's name in the distinguished name of a client certificate, in the form in which the
// TLS wrapper that has verified the certificate gives it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace login {

/// The maximum number of octets of a distinguished name; a longer one names no user.
inline constexpr std::size_t max_distinguished_name = 1024;

/// The value of the only attribute `key` (`CN`, `emailAddress`) in a distinguished name as OpenSSL
/// prints it in one line: `C=DE, O="Example, Inc.", CN=alice`. The sign `+` may also separate
/// attributes. Nothing for the older form `/C=DE/CN=alice`, in which a value may hold what looks
/// like an attribute. Nothing when the attribute is missing or occurs several times, or when its
/// value has a quote or an escape in it: no user has such a name.
std::optional<std::string> attribute_in(std::string_view distinguished_name, std::string_view key);

} // namespace login
