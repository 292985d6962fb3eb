// SPDX-License-Identifier: ISC
// A file of random octets that its account alone may read, made by whoever needs it first.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace state {

/// Octets of the file: BLAKE2b's usual length, beyond any guessing.
inline constexpr std::size_t key_file_octets = 32;

enum class KeyFileProblem {
  not_private,  ///< No regular file, not the effective uid's, or open to its group or to others.
  wrong_length, ///< It has not key_file_octets.
};

std::string_view description(KeyFileProblem problem);

/// Whether the open file is regular, the effective uid's, and nobody else's to read or write.
/// Throws std::system_error.
bool is_private(int fd);

/// What the file `path` holds. It is made, with mode 0600, when it is missing: of several processes
/// that do so at once all have what the first one made. A symbolic link is not followed. Throws
/// std::system_error.
base::Result<base::Secret, KeyFileProblem> open_key_file(const std::string& path);

} // namespace state
