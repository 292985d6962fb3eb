// SPDX-License-Identifier: ISC
// The schemes of crypt(5) that are still worth having, through libxcrypt: SHA512-CRYPT,
// SHA256-CRYPT, BLF-CRYPT, YESCRYPT and GOST-YESCRYPT. A C string is all that crypt(3) takes: no
// password with a NUL, and none of 512 octets or more, is ever right. bcrypt looks at the first 72.
#pragma once

#include "passwords/scheme.hpp"

#include <span>

namespace passwords {

/// Strict, in the alphabet of crypt(3):
/// - `$6$`, `$5$`: rounds from 1000 to 999999999 or not given (5000), salts of 1 to 16 characters;
/// - `$2a$`, `$2b$`, `$2y$`: costs from 04 to 31;
/// - `$y$`, `$gy$`: the defaults but for N of 2^10 or more and r from 8 to 48 in one digit each,
///   which is what crypt_gensalt(3) writes; salts of 64 octets at most.
/// The memory of the first two kinds is that of crypt_r's own working space.
std::span<const Scheme> crypt_schemes();

} // namespace passwords
