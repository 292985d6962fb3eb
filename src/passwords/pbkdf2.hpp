// SPDX-License-Identifier: ISC
// PBKDF2 (RFC 8018, section 5.2) with HMAC-SHA-256 and one block of output, which SCRAM calls Hi
// (RFC 5802, section 2.2).
#pragma once

#include "passwords/personal_digest.hpp"

#include <cstdint>
#include <string_view>

namespace passwords {

using Sha256Octets = Digest;

/// `iterations` is at least 1; each takes about 0.4 microseconds. The result is as secret as
/// `password`.
Sha256Octets pbkdf2(std::string_view password, std::string_view salt, std::uint32_t iterations);

/// HMAC-SHA-256 (RFC 2104).
Sha256Octets hmac(std::string_view key, std::string_view text);

} // namespace passwords
