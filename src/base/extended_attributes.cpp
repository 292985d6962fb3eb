// SPDX-License-Identifier: ISC
#include "base/extended_attributes.hpp"

#include "base/split.hpp"
#include "base/system_error.hpp"

#include <sys/xattr.h>

namespace base {

namespace {

/// Fills a string by `read(buffer, size)`, which without a buffer gives the size. Nothing where
/// there is none, or where the file system has no attributes.
template <class Read> std::optional<std::string> read_whole(Read read, const std::string& what) {
  for (;;) {
    const auto size = read(nullptr, 0);
    if (size < 0 && (errno == ENODATA || errno == EOPNOTSUPP))
      return {};
    std::string text(static_cast<std::size_t>(check(size, what)), '\0');
    const auto got = read(text.data(), text.size());
    if (got >= 0 && static_cast<std::size_t>(got) == text.size())
      return text;
    if (got < 0 && errno != ERANGE && errno != ENODATA) // it has changed meanwhile
      throw_errno(what);
  }
}

bool is_computed(const std::string& name) {
  return name == "security.ima" || name == "security.evm";
}

} // namespace

std::optional<std::string> attribute_of(int fd, const char* name) {
  return read_whole([&](char* text, std::size_t size) { return ::fgetxattr(fd, name, text, size); },
                    "read the attribute " + std::string(name));
}

void copy_extended_attributes(int from, int to, const std::string& file) {
  const auto names =
      read_whole([&](char* text, std::size_t size) { return ::flistxattr(from, text, size); },
                 "read the attributes of " + file);
  for (const auto& name : words_of(names.value_or(""), std::string_view("\0", 1))) {
    const auto value = attribute_of(from, name.c_str());
    if (value && !is_computed(name) && attribute_of(to, name.c_str()) != value)
      check(::fsetxattr(to, name.c_str(), value->data(), value->size(), 0),
            std::string("keep the attribute ").append(name).append(" of ").append(file));
  }
  // A new file may have got one from its directory.
  if (!attribute_of(from, access_list_attribute) && attribute_of(to, access_list_attribute))
    check(::fremovexattr(to, access_list_attribute),
          "remove an access control list beside " + file);
}

} // namespace base
