// SPDX-License-Identifier: ISC
#include "state/usage_file.hpp"

#include "base/digest.hpp"
#include "base/system_error.hpp"
#include "state/private_file.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace state {

namespace {

constexpr auto file_name = "/app-password-use"; // in the state directory

/// A record as in the file; its numbers have the byte order of this machine.
struct UseRecord {
  std::uint64_t password = 0;
  std::int64_t time = 0; // 0: no record
};
static_assert(sizeof(UseRecord) == UsageFile::record_octets);

using UseBucket = std::array<UseRecord, UsageFile::ways>;

/// The digest in an app password's record, and its bucket.
struct Identity {
  std::uint64_t password;
  std::uint32_t bucket;

  off_t place() const { return off_t{bucket} * off_t{sizeof(UseBucket)}; }
  bool has(const UseRecord& record) const {
    return record.time != 0 && record.password == password;
  }
};

/// Made of a digest of the parts, with a NUL between them.
Identity identity(const AppPasswordId& password) {
  const auto text = std::string(password.user) + '\0' + std::string(password.label) + '\0' +
                    std::string(password.salt);
  const auto octets = base::blake2b<16>(text);
  Identity made;
  std::memcpy(&made.password, octets.data(), sizeof made.password);
  std::memcpy(&made.bucket, octets.data() + sizeof made.password, sizeof made.bucket);
  made.bucket %= UsageFile::buckets;
  return made;
}

/// Reads a bucket. Octets after the end of the file are empty records.
UseBucket read_use_bucket(int fd, off_t place) {
  UseBucket bucket;
  base::check(::pread(fd, bucket.data(), sizeof bucket, place), "read app-password-use");
  return bucket;
}

} // namespace

std::optional<UsageFile> UsageFile::open(const std::string& directory) {
  auto file = open_private(directory + file_name);
  return file ? std::optional(UsageFile(std::move(*file))) : std::nullopt;
}

std::optional<UsageFile> UsageFile::open_to_read(const std::string& directory) {
  const auto path = directory + file_name;
  base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file && (errno == ENOENT || errno == ELOOP))
    return {};
  if (!file)
    base::throw_errno(path);
  struct stat facts;
  base::check(::fstat(file.get(), &facts), "fstat");
  if (!S_ISREG(facts.st_mode))
    return {};
  return UsageFile(std::move(file));
}

std::optional<std::int64_t> UsageFile::when(const AppPasswordId& password) const {
  const auto own = identity(password);
  const auto bucket = read_use_bucket(file_.get(), own.place());
  const auto* found =
      std::ranges::find_if(bucket, [&](const UseRecord& record) { return own.has(record); });
  return found == bucket.end() ? std::nullopt : std::optional(found->time);
}

void UsageFile::note(const AppPasswordId& password, std::int64_t now) {
  const auto own = identity(password);
  const auto bucket = read_use_bucket(file_.get(), own.place());
  // The password's own record is replaced before that of any other.
  const auto age = [&](const UseRecord& record) {
    return own.has(record) ? INT64_MIN : std::max<std::int64_t>(record.time, 0);
  };
  const auto* victim = std::ranges::min_element(bucket, {}, age);
  // A time in the future comes from a wrong clock, and is corrected.
  if (own.has(*victim) && victim->time <= now && victim->time > now - resolution)
    return;
  const UseRecord record{own.password, now};
  const auto place = own.place() + (victim - bucket.begin()) * off_t{sizeof record};
  base::check(::pwrite(file_.get(), &record, sizeof record, place), "write app-password-use");
}

} // namespace state
