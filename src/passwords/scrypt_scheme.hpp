// SPDX-License-Identifier: ISC
// scrypt (RFC 7914) in the `$7$` notation that libsodium's crypto_pwhash_scryptsalsa208sha256_str
// and crypt(5) write.
#pragma once

#include "passwords/scheme.hpp"

#include <span>

namespace passwords {

/// The scheme SCRYPT. Strict: N from 2^1 to 2^31 in one digit; r and p in five digits each, from 1
/// and with a product below 2^24, far above any reasonable cost ceiling; a salt of 1 to 86
/// characters, used as they stand; 32 octets of output.
std::span<const Scheme> scrypt_schemes();

} // namespace passwords
