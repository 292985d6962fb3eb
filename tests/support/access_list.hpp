// SPDX-License-Identifier: ISC
// Access control lists for tests, in the form that setxattr(2) takes.
#pragma once

#include "base/extended_attributes.hpp"

#include <initializer_list>
#include <linux/posix_acl.h>
#include <string>
#include <sys/xattr.h>

namespace support {

struct AclEntry {
  unsigned short tag;
  unsigned short rights;
  unsigned id = 0xffff'ffff; ///< Of ACL_USER and ACL_GROUP.
};

/// As little-endian machines, the only ones that run the tests, have it.
inline std::string list_of(std::initializer_list<AclEntry> entries) {
  std::string list("\x02\0\0\0", 4);
  for (const auto& entry : entries)
    list.append(reinterpret_cast<const char*>(&entry), sizeof entry);
  return list;
}

/// What `setfacl -m u:UID:r` makes of a file that only its owner can read, with that mask.
inline std::string list_for(unsigned uid, unsigned short mask = ACL_READ) {
  return list_of({{ACL_USER_OBJ, ACL_READ | ACL_WRITE},
                  {ACL_USER, ACL_READ, uid},
                  {ACL_GROUP_OBJ, 0},
                  {ACL_MASK, mask},
                  {ACL_OTHER, 0}});
}

/// False where the file system has no such lists.
inline bool set_list(const std::string& path, const std::string& list,
                     const char* name = base::access_list_attribute) {
  return ::setxattr(path.c_str(), name, list.data(), list.size(), 0) == 0;
}

} // namespace support
