// SPDX-License-Identifier: ISC
#include "base/file_replacement.hpp"

#include "base/system_error.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace base {

namespace {

void sync_directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string name =
      slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
  const UniqueFd fd(check(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), name));
  check(::fsync(fd.get()), "fsync " + name);
}

} // namespace

FileReplacement::FileReplacement(const std::string& target)
    : target_(target), name_(target + ".XXXXXX"),
      fd_(check(::mkostemp(name_.data(), O_CLOEXEC), "make a file beside " + target)) {}

FileReplacement::~FileReplacement() {
  if (!is_done_)
    ::unlink(name_.c_str());
}

void FileReplacement::append(std::string_view text) {
  while (!text.empty())
    text.remove_prefix(static_cast<std::size_t>(
        check(::write(fd_.get(), text.data(), text.size()), "write " + name_)));
}

void FileReplacement::copy_attributes(const struct stat& other) {
  check(::fchown(fd_.get(), other.st_uid, other.st_gid), "keep the owner of " + target_);
  check(::fchmod(fd_.get(), other.st_mode & 07777), "keep the mode of " + target_);
}

void FileReplacement::commit() {
  check(::fsync(fd_.get()), "fsync");
  check(::rename(name_.c_str(), target_.c_str()), "rename over " + target_);
  is_done_ = true;
  sync_directory_of(target_);
}

} // namespace base
