// SPDX-License-Identifier: ISC
// scrypt (RFC 7914) in the `$7$` notation that libsodium's crypto_pwhash_scryptsalsa208sha256_str
// and crypt(5) write.
#pragma once

#include "passwords/scheme.hpp"

#include <span>

namespace passwords {

/// Strict: N from 2^1 to 2^31 in one digit, r and p in five, from 1 and with a product below 2^24,
/// where anybody's ceiling has long been passed; a salt of 1 to 86 characters, which are used as
/// they stand; 32 octets of output.
std::span<const Scheme> scrypt_schemes();

} // namespace passwords
