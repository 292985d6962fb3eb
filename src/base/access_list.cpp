// SPDX-License-Identifier: ISC
#include "base/access_list.hpp"

#include "base/extended_attributes.hpp"

#include <algorithm>
#include <cstring>
#include <endian.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <string>
#include <vector>

namespace base {

namespace {

using Entry = ::posix_acl_xattr_entry;

/// Nothing for another version or length than this program knows.
std::optional<std::vector<Entry>> entries_of(const std::string& list) {
  ::posix_acl_xattr_header header;
  if (list.size() < sizeof header || (list.size() - sizeof header) % sizeof(Entry) != 0)
    return {};
  std::memcpy(&header, list.data(), sizeof header);
  if (le32toh(header.a_version) != POSIX_ACL_XATTR_VERSION)
    return {};
  std::vector<Entry> entries((list.size() - sizeof header) / sizeof(Entry));
  std::memcpy(entries.data(), list.data() + sizeof header, entries.size() * sizeof(Entry));
  for (auto& entry : entries)
    entry = {le16toh(entry.e_tag), le16toh(entry.e_perm), le32toh(entry.e_id)};
  return entries;
}

/// The rights that the entries for users and groups can give at most.
unsigned mask_of(const std::vector<Entry>& entries) {
  const auto mask = std::ranges::find(entries, ACL_MASK, &Entry::e_tag);
  return mask != entries.end() ? mask->e_perm : ACL_READ;
}

} // namespace

std::optional<bool> list_lets_read(int fd, gid_t group, uid_t reader,
                                   std::span<const gid_t> groups_of_reader) {
  const auto list = attribute_of(fd, access_list_attribute);
  if (!list)
    return {};
  const auto entries = entries_of(*list);
  if (!entries)
    return true;
  const auto mask = mask_of(*entries);
  bool is_member = false, members_read = false, others_read = false;
  for (const auto& [tag, rights, id] : *entries) { // in the order of acl(5): users, groups, others
    const bool reads = (rights & mask & ACL_READ) != 0;
    if (tag == ACL_USER && id == reader)
      return reads;
    const auto gid = tag == ACL_GROUP_OBJ ? group : id;
    if ((tag == ACL_GROUP_OBJ || tag == ACL_GROUP) &&
        std::ranges::find(groups_of_reader, gid) != groups_of_reader.end()) {
      is_member = true;
      members_read = members_read || reads;
    }
    if (tag == ACL_OTHER)
      others_read = (rights & ACL_READ) != 0;
  }
  return is_member ? members_read : others_read;
}

} // namespace base
