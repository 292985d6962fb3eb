// SPDX-License-Identifier: ISC
#include "state/private_file.hpp"

#include "base/file_identity.hpp"
#include "base/file_replacement.hpp"
#include "base/system_error.hpp"

#include <array>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace state {

namespace {

constexpr auto site_key_name = "/site-key"; // in the directory of the setting state-directory

/// No process sees an incomplete key file, also after a loss of power. When several processes make
/// one at once, the first stays.
void make(const std::string& path) {
  std::array<char, key_file_octets> key;
  const base::Wiper wiper(key);
  base::check(::getentropy(key.data(), key.size()), "getrandom");
  base::FileReplacement file(path);
  file.append({key.data(), key.size()});
  file.commit_if_missing();
}

base::UniqueFd open_existing(const std::string& path, int access = O_RDONLY) {
  // Without O_NONBLOCK, opening a FIFO would wait for a writer.
  return base::UniqueFd(::open(path.c_str(), access | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
}

base::UniqueFd open_or_make(const std::string& path) {
  auto fd = open_existing(path);
  if (!fd && errno == ENOENT) {
    make(path);
    fd = open_existing(path);
  }
  if (!fd)
    base::throw_errno(path);
  return fd;
}

/// Refuses a file that is shorter or longer than a key.
base::Result<base::Secret, std::string_view> read_octets(int fd) {
  std::array<char, key_file_octets + 1> content; // one more than a key has
  const base::Wiper wiper(content);
  const auto size = base::check(::pread(fd, content.data(), content.size(), 0), "read the key");
  if (size < static_cast<ssize_t>(key_file_octets))
    return base::Refused{key_file_problem::incomplete};
  if (size > static_cast<ssize_t>(key_file_octets))
    return base::Refused{key_file_problem::too_long};
  return base::Secret({content.data(), key_file_octets});
}

base::Result<base::Secret, std::string_view> read_key(int fd) {
  if (!is_private(fd))
    return base::Refused{key_file_problem::not_private};
  return read_octets(fd);
}

/// Two processes may find the same incomplete file. The lock keeps the second from removing the
/// complete one that the first has made.
void remove_incomplete(const std::string& path) {
  // Open for writing, as a network file system locks no file that is not.
  const auto fd = open_existing(path, O_RDWR);
  if (!fd && errno == ENOENT)
    return; // another process has removed it
  base::check(fd.get(), path);
  base::check(::flock(fd.get(), LOCK_EX), "lock " + path);
  if (!read_key(fd.get()) && base::is_named(fd.get(), path))
    base::check(::unlink(path.c_str()), "remove " + path);
}

} // namespace

bool is_private(const struct stat& facts) {
  return S_ISREG(facts.st_mode) && facts.st_uid == ::geteuid() &&
         (facts.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

bool is_private(int fd) {
  struct stat facts;
  base::check(::fstat(fd, &facts), "fstat");
  return is_private(facts);
}

std::optional<base::UniqueFd> open_private(const std::string& path) {
  base::UniqueFd fd(base::check(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600), path));
  return is_private(fd.get()) ? std::optional(std::move(fd)) : std::nullopt;
}

std::optional<base::UniqueFd> open_to_read(const std::string& path) {
  auto file = open_existing(path);
  if (!file && (errno == ENOENT || errno == ELOOP))
    return {};
  if (!file)
    base::throw_errno(path);
  struct stat facts;
  base::check(::fstat(file.get(), &facts), "fstat");
  return S_ISREG(facts.st_mode) ? std::optional(std::move(file)) : std::nullopt;
}

base::Result<base::Secret, std::string_view> open_key_file(const std::string& path) {
  auto fd = open_or_make(path);
  auto key = read_key(fd.get());
  if (key || key.error() != key_file_problem::incomplete)
    return key;
  remove_incomplete(path);
  fd = open_or_make(path);
  return read_key(fd.get());
}

std::optional<std::string_view> problem_of_key_file(const std::string& path) {
  const auto fd = open_existing(path);
  if (!fd && (errno == ENOENT || errno == ENOTDIR))
    return {};
  if (!fd)
    base::throw_errno(path);
  const auto key = read_key(fd.get());
  return key || key.error() == key_file_problem::incomplete ? std::nullopt
                                                            : std::optional(key.error());
}

base::Result<base::Secret, std::string_view> open_site_key(const std::string& state_directory) {
  return open_key_file(state_directory + site_key_name);
}

std::optional<base::Secret> read_site_key(const std::string& state_directory) {
  const auto file = open_to_read(state_directory + site_key_name);
  if (!file)
    return {};
  auto key = read_octets(file->get());
  return key ? std::optional(std::move(*key)) : std::nullopt;
}

} // namespace state
