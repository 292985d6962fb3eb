// SPDX-License-Identifier: ISC
// The weak password schemes: their stolen hashes are turned back into passwords within hours, or
// hold the password itself. They are known by name so that an administrator is told what to do.
#pragma once

#include <string_view>

namespace passwords {

/// True for a weak scheme. `name` is the text between { and }, with or without an encoding such as
/// `.b64`, in any case.
bool is_weak_scheme(std::string_view name);

/// True when `hash`, a crypt(3) string without {SCHEME} or after {CRYPT}, is weak: MD5, NT, SHA-1,
/// Sun MD5, the bcrypt with a well-known bug ($2x$), or DES, which has no prefix.
bool is_weak_crypt(std::string_view hash);

} // namespace passwords
