// SPDX-License-Identifier: ISC
// Makes the compiled form of a users file.
#pragma once

#include "base/result.hpp"
#include "users/compiled_writer.hpp"
#include "users/users_file.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace users {

enum class CompileProblem {
  too_large, ///< It would have more octets than it may have.
  changed,   ///< The users file was changed or replaced meanwhile.
};

/// What follows the name of the users file; no full stop.
std::string_view description(CompileProblem problem);

struct CompileCounts {
  std::uint64_t users = 0;
  std::uint64_t malformed = 0;  ///< Lines, comments excepted.
  std::uint64_t duplicates = 0; ///< Well-formed lines of a name that has one before.
};

/// What does not count is shown while it goes on.
struct CompileReport {
  OnBadLine on_bad_line;
  std::function<void(std::uint64_t number, std::string_view name)> on_duplicate;
};

/// Writes `path` + compiled_suffix for `text`, the users file `path`, with the same owner, group
/// and mode, in the place of one that is there; refused, that one stays. Throws std::system_error.
base::Result<CompileCounts, CompileProblem>
compile_users(const UsersFile& text, const std::string& path, const CompileReport& report,
              std::uint64_t most_octets = CompiledWriter::most_octets);

} // namespace users
