// SPDX-License-Identifier: ISC
// A file of random octets that only its account may read, created by the first process that needs
// it.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace state {

/// Octets of the file: BLAKE2b's usual length, too long to guess.
inline constexpr std::size_t key_file_octets = 32;

enum class KeyFileProblem {
  not_private,  ///< Not a regular file, not owned by the effective uid, or open to group or others.
  wrong_length, ///< The file does not have key_file_octets.
};

std::string_view description(KeyFileProblem problem);

/// True when the open file is regular, owned by the effective uid, and without permissions for
/// group and others. Throws std::system_error.
bool is_private(int fd);

/// The content of the file `path`. The file is created, with mode 0600, when it is missing; when
/// several processes do so at once, all have the content of the first. A symbolic link is not
/// followed. Throws std::system_error.
base::Result<base::Secret, KeyFileProblem> open_key_file(const std::string& path);

} // namespace state
