// SPDX-License-Identifier: ISC
#include "base/file_replacement.hpp"

#include "base/extended_attributes.hpp"
#include "base/hex.hpp"
#include "base/system_error.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace base {

namespace {

std::string directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
}

void sync_directory_of(const std::string& path) {
  const auto name = directory_of(path);
  const UniqueFd fd(check(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), name));
  check(::fsync(fd.get()), "fsync " + name);
}

std::string random_ending() {
  std::array<unsigned char, left_over_digits / 2> octets{};
  check(::getentropy(octets.data(), octets.size()), "getrandom");
  return "." + hex(octets);
}

/// By this path linkat(2) gives a file its first name.
std::string descriptor_path(int fd) {
  return "/proc/self/fd/" + std::to_string(fd);
}

/// A file without a name, which goes away however this process ends. Empty where the file system
/// has no such files, or where there is no /proc.
UniqueFd make_unnamed(const std::string& directory) {
  UniqueFd fd(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  return fd && ::access(descriptor_path(fd.get()).c_str(), F_OK) == 0 ? std::move(fd) : UniqueFd();
}

} // namespace

FileReplacement::FileReplacement(const std::string& target)
    : target_(target), name_(target + random_ending()), fd_(make_unnamed(directory_of(target))) {
  if (fd_)
    return;
  signals_held_.emplace();
  fd_.reset(check(::open(name_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600),
                  "make a file beside " + target));
  has_name_ = true;
}

FileReplacement::~FileReplacement() {
  if (has_name_)
    ::unlink(name_.c_str());
}

void FileReplacement::append(std::string_view text) {
  while (!text.empty())
    text.remove_prefix(static_cast<std::size_t>(
        check(::write(fd_.get(), text.data(), text.size()), "write " + name_)));
}

void FileReplacement::copy_attributes(int other) {
  struct stat old, now;
  check(::fstat(other, &old), "fstat");
  check(::fchown(fd_.get(), old.st_uid, old.st_gid), "keep the owner of " + target_);
  copy_extended_attributes(other, fd_.get(), target_);
  // Before, the mask of an access control list would be rights of the group.
  check(::fstat(fd_.get(), &now), "fstat");
  if (now.st_mode != old.st_mode)
    check(::fchmod(fd_.get(), old.st_mode & 07777), "keep the mode of " + target_);
}

void FileReplacement::give_name() {
  if (has_name_)
    return;
  signals_held_.emplace();
  check(::linkat(AT_FDCWD, descriptor_path(fd_.get()).c_str(), AT_FDCWD, name_.c_str(),
                 AT_SYMLINK_FOLLOW),
        "link " + name_);
  has_name_ = true;
}

void FileReplacement::commit() {
  check(::fsync(fd_.get()), "fsync");
  give_name(); // linkat(2) cannot replace a file
  check(::rename(name_.c_str(), target_.c_str()), "rename over " + target_);
  has_name_ = false;
  sync_directory_of(target_);
}

void FileReplacement::commit_if_missing() {
  check(::fsync(fd_.get()), "fsync");
  const auto source = has_name_ ? name_ : descriptor_path(fd_.get());
  // Unlike rename(2), linkat(2) does not replace a file that another process has just made.
  if (::linkat(AT_FDCWD, source.c_str(), AT_FDCWD, target_.c_str(), AT_SYMLINK_FOLLOW) != 0 &&
      errno != EEXIST)
    throw_errno("link " + target_);
  sync_directory_of(target_);
}

} // namespace base
