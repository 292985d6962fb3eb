// SPDX-License-Identifier: ISC
// The compiled form of a users file: a constant database (TinyCDB) from each name to its line, so
// that a look-up costs the same for a thousand users and for a million. It lies beside the users
// file as USERS.cdb; sodapop-users(5) defines it.
#pragma once

#include "base/trusted_file.hpp"
#include "users/compiled_header.hpp"
#include "users/user.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct cdb; // TinyCDB's

namespace users {

inline constexpr std::string_view compiled_suffix = ".cdb";

class CompiledUsers {
 public:
  /// Maps the compiled form `file`, so that find() needs no system call; `text` is the users file
  /// as it is now. Throws std::system_error.
  static base::Result<CompiledUsers, base::Problem> open(base::TrustedFile file,
                                                         const struct stat& text);

  /// The user `name`; nothing without one. Throws std::runtime_error when the record for `name` is
  /// no line of that user: the file is damaged. Truncating the file while it is open ends the
  /// process with SIGBUS; replacing it by rename(2), as all of sodapop does, has no effect on this
  /// object.
  std::optional<User> find(std::string_view name) const;

  const CompiledHeader& header() const { return header_; }
  const base::TrustedFile& file() const { return file_; }

 private:
  using Database = std::unique_ptr<::cdb, void (*)(::cdb*)>;
  CompiledUsers(base::TrustedFile file, Database database, CompiledHeader header);

  base::TrustedFile file_;
  Database database_;
  CompiledHeader header_;
};

} // namespace users
