// SPDX-License-Identifier: ISC
#include "credentials/auth_key.hpp"

#include "base/hex.hpp"
#include "base/system_error.hpp"

#include <array>
#include <fcntl.h>
#include <sodium/crypto_generichash.h>
#include <span>
#include <sys/random.h>
#include <sys/stat.h>

namespace credentials {

namespace {

/// Octets on the stack that are wiped.
struct Key {
  std::array<unsigned char, auth_key_octets> octets{};

  Key() = default;
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key() { base::wipe(octets.data(), octets.size()); }
};

bool is_private(int fd) {
  struct stat facts;
  base::check(::fstat(fd, &facts), "fstat");
  return S_ISREG(facts.st_mode) && facts.st_uid == ::geteuid() &&
         (facts.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

void fill_with_random(std::span<unsigned char> octets) {
  // So few octets come all at once (getrandom(2)).
  if (base::check(::getrandom(octets.data(), octets.size(), 0), "getrandom") !=
      static_cast<ssize_t>(octets.size()))
    throw std::system_error(EIO, std::generic_category(), "getrandom");
}

std::string temporary_name(const std::string& path) {
  std::array<unsigned char, 8> random;
  fill_with_random(random);
  return path + "." + base::hex(random);
}

/// Nobody can ever see a key file that is not whole.
void make_key_file(const std::string& path) {
  const auto temporary = temporary_name(path);
  const base::UniqueFd fd(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd)
    base::throw_errno(temporary);
  Key key;
  fill_with_random(key.octets);
  const bool is_written = ::write(fd.get(), key.octets.data(), key.octets.size()) ==
                          static_cast<ssize_t>(key.octets.size());
  // Unlike rename(2), linkat(2) leaves the key alone that another process has just made.
  const bool is_there =
      is_written &&
      (::linkat(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), 0) == 0 || errno == EEXIST);
  const int error = errno;
  ::unlink(temporary.c_str());
  if (!is_there)
    throw std::system_error(is_written ? error : ENOSPC, std::generic_category(), path);
}

base::UniqueFd open_file(const std::string& path, int flags) {
  // Without O_NONBLOCK, opening a FIFO would wait for a writer.
  return base::UniqueFd(
      ::open(path.c_str(), flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, S_IRUSR | S_IWUSR));
}

base::UniqueFd open_key_file(const std::string& path) {
  auto fd = open_file(path, O_RDONLY);
  if (!fd && errno == ENOENT) {
    make_key_file(path);
    fd = open_file(path, O_RDONLY);
  }
  if (!fd)
    base::throw_errno(path);
  return fd;
}

base::Secret digest_of(std::string_view boot, const Key& key) {
  Key digest;
  crypto_generichash(digest.octets.data(), digest.octets.size(),
                     reinterpret_cast<const unsigned char*>(boot.data()), boot.size(),
                     key.octets.data(), key.octets.size());
  return base::Secret({reinterpret_cast<const char*>(digest.octets.data()), digest.octets.size()});
}

} // namespace

std::string_view sentence(AuthCacheProblem problem) {
  switch (problem) {
  case AuthCacheProblem::not_private:
    return "auth-key or auth-cache is no regular file that its account alone may read and write";
  case AuthCacheProblem::wrong_length: return "auth-key does not have 32 octets";
  case AuthCacheProblem::unknown_boot: return "the id of this boot cannot be read from /proc";
  }
  return "unknown problem";
}

base::Result<base::UniqueFd, AuthCacheProblem> open_private(const std::string& path) {
  auto fd = open_file(path, O_RDWR | O_CREAT);
  if (!fd)
    base::throw_errno(path);
  if (!is_private(fd.get()))
    return base::Refused{AuthCacheProblem::not_private};
  return fd;
}

base::Result<base::Secret, AuthCacheProblem> open_auth_key(const std::string& path,
                                                           std::string_view boot) {
  const auto fd = open_key_file(path);
  if (!is_private(fd.get()))
    return base::Refused{AuthCacheProblem::not_private};
  Key key;
  unsigned char one_more = 0;
  const auto octets =
      base::check(::pread(fd.get(), key.octets.data(), key.octets.size(), 0), "read the key");
  if (octets != static_cast<ssize_t>(auth_key_octets) ||
      ::pread(fd.get(), &one_more, 1, auth_key_octets) != 0)
    return base::Refused{AuthCacheProblem::wrong_length};
  return digest_of(boot, key);
}

base::Result<std::string, AuthCacheProblem> current_boot() {
  constexpr std::size_t uuid_octets = 36;
  std::array<char, uuid_octets> id;
  const base::UniqueFd fd(::open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC));
  if (!fd || ::read(fd.get(), id.data(), id.size()) != static_cast<ssize_t>(id.size()))
    return base::Refused{AuthCacheProblem::unknown_boot};
  return std::string(id.data(), id.size());
}

} // namespace credentials
