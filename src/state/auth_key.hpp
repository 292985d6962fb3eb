// SPDX-License-Identifier: ISC
// The key of the cache of logins: 32 random octets in a file, of use until the next boot.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/unique_fd.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace state {

/// Octets of the key file and of the key: BLAKE2b's usual length, beyond any guessing.
inline constexpr std::size_t auth_key_octets = 32;

enum class AuthCacheProblem {
  not_private,  ///< No regular file, not the effective uid's, or open to its group or to others.
  wrong_length, ///< The key file has not auth_key_octets.
  unknown_boot, ///< /proc/sys/kernel/random/boot_id cannot be read.
};

std::string_view description(AuthCacheProblem problem);

/// Opens `path` for reading and writing, created with mode 0600 when it is missing; refuses
/// not_private. A symbolic link is not followed. Throws std::system_error.
base::Result<base::UniqueFd, AuthCacheProblem> open_private(const std::string& path);

/// A keyed digest of `boot` by what the file `path` holds. The file is made when it is missing: of
/// several processes that do so at once all have the key of the first. Refuses not_private and
/// wrong_length. Throws std::system_error.
base::Result<base::Secret, AuthCacheProblem> open_auth_key(const std::string& path,
                                                           std::string_view boot);

/// What tells this boot of the host from every other. Refuses unknown_boot.
base::Result<std::string, AuthCacheProblem> current_boot();

} // namespace state
