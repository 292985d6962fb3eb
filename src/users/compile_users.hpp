// SPDX-License-Identifier: ISC
// Makes the compiled form of a users file.
#pragma once

#include "base/result.hpp"
#include "users/users_file.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace users {

/// In words that follow the name of the users file.
namespace compile_problem {
/// The compiled form would have more than `most_octets`.
inline constexpr base::Problem too_large{"has too many users: compiled they need more than 4 GiB"};
/// The users file was changed or replaced meanwhile.
inline constexpr base::Problem changed{"was changed while it was compiled: do it again"};
} // namespace compile_problem

struct CompileCounts {
  std::uint64_t users = 0;
  std::uint64_t malformed = 0;  ///< Malformed lines; comments do not count.
  std::uint64_t duplicates = 0; ///< Well-formed lines for a name that has an earlier one.
};

/// Callbacks for lines that are left out, called while the file is compiled.
struct CompileReport {
  OnBadLine on_bad_line;
  std::function<void(std::uint64_t number, std::string_view name)> on_duplicate;
};

/// The limit of a constant database, whose positions in the file have 32 bits.
inline constexpr std::uint64_t most_compiled_octets = 0xffff'ffff;

/// Compiles `text`, the users file `path`, to `path` + compiled_suffix, with the same owner, group,
/// mode and extended attributes. Replaces an existing file of that name, unless the compilation is
/// refused. Throws std::system_error.
base::Result<CompileCounts, base::Problem>
compile_users(const UsersFile& text, const std::string& path, const CompileReport& report,
              std::uint64_t most_octets = most_compiled_octets);

} // namespace users
