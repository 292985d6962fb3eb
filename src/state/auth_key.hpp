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

/// The reasons why there is no cache, in words.
namespace auth_cache_problem {

inline constexpr std::string_view not_private =
    "auth-key or auth-cache is not a regular file that only its account may read and write";
inline constexpr std::string_view wrong_length = "auth-key does not have 32 octets";
inline constexpr std::string_view unknown_boot = "the id of this boot cannot be read from /proc";

} // namespace auth_cache_problem

/// The key: a digest of `boot`, keyed with the content of the file `path`. The file is created when
/// it is missing; when several processes do so at once, all have the key of the first. Refuses
/// not_private and wrong_length. Throws std::system_error.
base::Result<base::Secret, std::string_view> open_auth_key(const std::string& path,
                                                           std::string_view boot);

/// The kernel's id of this boot of the host, different for every boot. Refuses unknown_boot. Read
/// once; the children of a process that has read it know it, too.
base::Result<std::string, std::string_view> current_boot();

} // namespace state
