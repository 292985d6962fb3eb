// SPDX-License-Identifier: ISC
// The key of the cache of logins, made of 32 random octets in a file and valid until the next boot.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace state {

/// Octets of the key file and of the key: BLAKE2b's usual length, too long to guess.
inline constexpr std::size_t auth_key_octets = 32;

enum class AuthCacheProblem {
  not_private,  ///< Not a regular file, not owned by the effective uid, or open to group or others.
  wrong_length, ///< The key file does not have auth_key_octets.
  unknown_boot, ///< /proc/sys/kernel/random/boot_id cannot be read.
};

std::string_view description(AuthCacheProblem problem);

/// The key: a digest of `boot`, keyed with the content of the file `path`. The file is created when
/// it is missing; when several processes do so at once, all have the key of the first. Refuses
/// not_private and wrong_length. Throws std::system_error.
base::Result<base::Secret, AuthCacheProblem> open_auth_key(const std::string& path,
                                                           std::string_view boot);

/// The kernel's id of this boot of the host, different for every boot. Refuses unknown_boot.
base::Result<std::string, AuthCacheProblem> current_boot();

} // namespace state
