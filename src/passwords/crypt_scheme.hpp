// SPDX-License-Identifier: ISC
// The schemes of crypt(5) that are still strong enough, through libxcrypt: SHA512-CRYPT,
// SHA256-CRYPT, BLF-CRYPT, YESCRYPT and GOST-YESCRYPT. crypt(3) takes a C string: a password with a
// NUL, or with 512 octets or more, is never right. bcrypt uses only the first 72 octets.
#pragma once

#include "passwords/scheme.hpp"

#include <span>

namespace passwords {

/// The schemes. Strict, in the alphabet of crypt(3):
/// - `$6$`, `$5$`: rounds from 1000 to 999999999 or not given (5000), salts of 1 to 16 characters;
/// - `$2a$`, `$2b$`, `$2y$`: costs from 04 to 31;
/// - `$y$`, `$gy$`: the default flags, N of 2^10 or more and r from 8 to 48 in one digit each, as
///   crypt_gensalt(3) writes them; salts of 64 octets at most.
/// The memory cost of the first two kinds is the size of the working space of crypt_r(3).
std::span<const Scheme> crypt_schemes();

} // namespace passwords
