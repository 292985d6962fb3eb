// SPDX-License-Identifier: ISC
// Finds directories that other accounts can change: these accounts could put other files in the
// place of those that decide who may log in.
#pragma once

#include <optional>
#include <string>

namespace base {

/// Checks the directory `path` and all above it but the root directory; where links are on the way,
/// also those to which they lead. Returns the first problem, as `DIRECTORY is ...`: it, or a link,
/// is owned by neither root nor the effective uid of this process; its group or everybody may write
/// to it, which above `path` may be with the sticky bit. Nothing without a problem, and where a
/// directory is missing or cannot be looked at.
std::optional<std::string> problem_with_directory(const std::string& path);

/// The same for the directories above the file `path`.
std::optional<std::string> problem_with_directories_above(const std::string& path);

} // namespace base
