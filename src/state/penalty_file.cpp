// SPDX-License-Identifier: ISC
#include "state/penalty_file.hpp"

#include "base/file_replacement.hpp"
#include "base/system_error.hpp"
#include "state/auth_key.hpp"
#include "state/private_file.hpp"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace state {

namespace {

/// The last character is the version of this form of the file.
constexpr std::string_view penalties_magic = "sodapop penalty2";
constexpr std::size_t boot_octets = 36;

/// The first octets of the file.
struct PenaltyHeader {
  std::array<char, penalties_magic.size()> magic;
  std::array<char, boot_octets> boot;
  std::array<unsigned char, 16> key;
};

/// The id of this boot. Throws std::system_error when it is unknown.
std::string this_boot() {
  const auto boot = current_boot();
  if (!boot)
    base::throw_errno(std::string(boot.error()), EIO);
  return *boot;
}

base::UniqueFd try_open(const std::string& path) {
  return base::UniqueFd(::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
}

struct stat facts_of(int fd) {
  struct stat facts;
  base::check(::fstat(fd, &facts), "fstat");
  return facts;
}

/// Empty unless the file has the right size, version and boot.
PenaltyFile with_header(base::UniqueFd fd, const struct stat& facts) {
  if (!S_ISREG(facts.st_mode) || facts.st_size != off_t{PenaltyFile::octets})
    return {};
  PenaltyHeader header;
  if (base::check(::pread(fd.get(), &header, sizeof header, 0), "read penalties") !=
          sizeof header ||
      !std::ranges::equal(header.magic, penalties_magic) ||
      !std::ranges::equal(header.boot, this_boot()))
    return {};
  return {std::move(fd), header.key, facts.st_dev, facts.st_ino};
}

/// Empty unless the file can be used as it is.
PenaltyFile open_usable(const std::string& path) {
  auto fd = try_open(path);
  if (!fd)
    return {};
  const auto facts = facts_of(fd.get());
  return is_private(facts) ? with_header(std::move(fd), facts) : PenaltyFile{};
}

std::string new_header_page() {
  PenaltyHeader header;
  std::ranges::copy(penalties_magic, header.magic.begin());
  const auto boot = this_boot();
  std::copy_n(boot.begin(), boot_octets, header.boot.begin());
  base::check(::getentropy(header.key.data(), header.key.size()), "getrandom");
  std::string page(reinterpret_cast<const char*>(&header), sizeof header);
  page.resize(PenaltyFile::header_octets);
  return page;
}

/// When several processes make one at once, the first stays, so that all of them count together.
void make_penalties(const std::string& path) {
  base::FileReplacement file(path);
  file.append(new_header_page());
  const std::string no_entries(PenaltyFile::header_octets, '\0');
  for (std::size_t size = no_entries.size(); size < PenaltyFile::octets; size += no_entries.size())
    file.append(no_entries);
  if (!open_usable(path).fd)
    ::unlink(path.c_str());
  file.commit_if_missing();
}

} // namespace

base::Result<PenaltyFile, std::string> PenaltyFile::open(const std::string& runtime_directory) {
  const auto path = runtime_directory + name;
  try {
    if (auto file = open_usable(path); file.fd)
      return file;
    make_penalties(path);
    if (auto file = open_usable(path); file.fd)
      return file;
    return base::Refused{path + " is not the file that was made"};
  } catch (const std::system_error& error) {
    return base::Refused{std::string(error.what())};
  }
}

std::optional<PenaltyFile> PenaltyFile::open_existing(const std::string& runtime_directory) {
  const auto path = runtime_directory + name;
  auto fd = try_open(path);
  if (!fd && errno != ENOENT && errno != ELOOP && errno != EISDIR)
    base::throw_errno(path);
  if (!fd)
    return {};
  const auto facts = facts_of(fd.get());
  auto file = with_header(std::move(fd), facts);
  return file.fd ? std::optional(std::move(file)) : std::nullopt;
}

std::optional<std::string> PenaltyFile::problem(const std::string& runtime_directory) {
  const auto path = runtime_directory + name;
  struct stat facts;
  if (::lstat(path.c_str(), &facts) != 0) {
    if (errno != ENOENT && errno != ENOTDIR)
      base::throw_errno(path);
    return {};
  }
  return S_ISDIR(facts.st_mode) ? std::optional<std::string>("it is a directory") : std::nullopt;
}

} // namespace state
