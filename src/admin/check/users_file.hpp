// SPDX-License-Identifier: ISC
// The users file and its compiled form, as files: whether the server takes them, and whether others
// may read or change them.
#pragma once

#include "admin/check/check.hpp"
#include "users/compiled_users.hpp"
#include "users/users_file.hpp"

#include <optional>
#include <string>

namespace admin {

/// The path of the compiled form.
std::string compiled_path(const CheckContext& context);

struct CompiledForm {
  /// Open if the server does not refuse it as a file; a damaged or outdated one has hashes too.
  std::optional<base::TrustedFile> file;
  std::optional<users::CompiledUsers> users; ///< While it is whole and current.
};

/// Checks the compiled form of `text`, if there is one.
CompiledForm check_compiled(const CheckContext& context, const users::UsersFile& text,
                            Findings& findings);
/// Checks that it has that user's line. False where it has not: the finding is added then.
bool check_compiled_line(const CheckContext& context, const CompiledForm& compiled,
                         const users::User& user, Findings& findings);

/// Checks the users file. Nothing when the server refuses it.
std::optional<users::UsersFile> check_users_file(const CheckContext& context, Findings& findings);
/// Finds read permission on the hashes of both files, for all accounts or for the user.
void check_readable(const CheckContext& context, const users::UsersFile& text,
                    const CompiledForm& compiled, Findings& findings);
void check_readable_by(const CheckContext& context, const users::User& user,
                       const users::UsersFile& text, const CompiledForm& compiled,
                       const FindingsAt& at);

} // namespace admin
