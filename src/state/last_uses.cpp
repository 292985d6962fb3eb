// SPDX-License-Identifier: ISC
#include "state/last_uses.hpp"

#include "base/digest.hpp"
#include "base/system_error.hpp"
#include "state/private_file.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <unistd.h>

namespace state {

namespace {

/// A record as in the file; its numbers have the byte order of this machine.
struct UseRecord {
  std::uint64_t digest = 0;
  std::int64_t time = 0; // 0: no record
};
static_assert(sizeof(UseRecord) == LastUses::record_octets);

using UseBucket = std::array<UseRecord, LastUses::ways>;

/// The digest in a record, and its bucket.
struct Identity {
  std::uint64_t digest;
  std::uint32_t bucket;

  off_t place() const { return off_t{bucket} * off_t{sizeof(UseBucket)}; }
  bool has(const UseRecord& record) const { return record.time != 0 && record.digest == digest; }
};

Identity identity(std::string_view thing) {
  const auto octets = base::blake2b<16>(thing);
  Identity made;
  std::memcpy(&made.digest, octets.data(), sizeof made.digest);
  std::memcpy(&made.bucket, octets.data() + sizeof made.digest, sizeof made.bucket);
  made.bucket %= LastUses::buckets;
  return made;
}

/// Reads a bucket. Octets after the end of the file are empty records.
UseBucket read_use_bucket(int fd, off_t place, const std::string& name) {
  UseBucket bucket;
  base::check(::pread(fd, bucket.data(), sizeof bucket, place), "read " + name);
  return bucket;
}

} // namespace

std::optional<LastUses> LastUses::open(const std::string& directory, const std::string& name) {
  auto file = open_private(directory + "/" + name);
  return file ? std::optional(LastUses(std::move(*file), name)) : std::nullopt;
}

std::optional<LastUses> LastUses::open_to_read(const std::string& directory,
                                               const std::string& name) {
  auto file = state::open_to_read(directory + "/" + name);
  return file ? std::optional(LastUses(std::move(*file), name)) : std::nullopt;
}

std::optional<std::int64_t> LastUses::when(std::string_view thing) const {
  const auto own = identity(thing);
  const auto bucket = read_use_bucket(file_.get(), own.place(), name_);
  const auto* found =
      std::ranges::find_if(bucket, [&](const UseRecord& record) { return own.has(record); });
  return found == bucket.end() ? std::nullopt : std::optional(found->time);
}

void LastUses::note(std::string_view thing, std::int64_t now, std::int64_t resolution) {
  const auto own = identity(thing);
  const auto bucket = read_use_bucket(file_.get(), own.place(), name_);
  // The own record is replaced before that of any other.
  const auto age = [&](const UseRecord& record) {
    return own.has(record) ? INT64_MIN : std::max<std::int64_t>(record.time, 0);
  };
  const auto* victim = std::ranges::min_element(bucket, {}, age);
  // A time in the future comes from a wrong clock, and is corrected.
  if (own.has(*victim) && victim->time <= now && victim->time > now - resolution)
    return;
  const UseRecord record{own.digest, now};
  const auto place = own.place() + (victim - bucket.begin()) * off_t{sizeof record};
  base::check(::pwrite(file_.get(), &record, sizeof record, place), "write " + name_);
}

} // namespace state
