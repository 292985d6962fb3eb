// SPDX-License-Identifier: ISC
// The schemes that stolen hashes are turned back into passwords from within hours, or that hold the
// password itself. They are known by name so that an administrator is told what to do.
#pragma once

#include <string_view>

namespace passwords {

/// `name` is what stands in {}, with or without an encoding such as `.b64`, in any case.
bool is_weak_scheme(std::string_view name);

/// Whether `hash`, a crypt(3) string without {SCHEME} or behind {CRYPT}, is a weak one: MD5, NT,
/// SHA-1, Sun MD5, the bcrypt of a well-known mistake ($2x$), or DES, which has no prefix.
bool is_weak_crypt(std::string_view hash);

} // namespace passwords
