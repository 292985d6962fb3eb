// SPDX-License-Identifier: ISC
// The extended attributes of an open file, xattr(7): access control lists, labels of security
// modules, and what administrators and programs add.
#pragma once

#include <optional>
#include <string>

namespace base {

/// Holds the list that access_list.hpp reads.
inline constexpr const char* access_list_attribute = "system.posix_acl_access";

/// The value of the attribute `name`; nothing where the file has none, or the file system has no
/// attributes. Throws std::system_error.
std::optional<std::string> attribute_of(int fd, const char* name);

/// Gives the file `to` the attributes of the file `from`, and removes an access control list that
/// `to` has and `from` has not. Leaves out security.ima and security.evm, which the kernel computes
/// from the file. Throws std::system_error, with the attribute and `file`, a name for `from`, when
/// one cannot be taken over.
void copy_extended_attributes(int from, int to, const std::string& file);

} // namespace base
