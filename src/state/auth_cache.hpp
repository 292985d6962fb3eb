// SPDX-License-Identifier: ISC
// The cache of successful logins of the last minutes, so that the next login with the same password
// needs no Argon2: a file of keyed digests. Without the key, an attacker can neither make a digest
// nor compare one with a guess. The size is fixed, whatever the number of users or attackers.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/unique_fd.hpp"
#include "state/auth_key.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace state {

/// Seconds since this boot, suspension included (CLOCK_BOOTTIME). That clock cannot be set.
std::uint64_t seconds_since_boot();

/// One record is one login: the time when it expires, and keyed digests, which cover that time and
/// are compared in constant time. So a record that is torn, cut, foreign or forged fits nothing,
/// and no locks are needed: a reader reads one bucket with one pread(2), a writer writes one record
/// with one pwrite(2), and when two writers choose the same place the later record stays.
/// Everything throws std::system_error; such an error need not prevent a login.
class AuthCache {
 public:
  /// The digest of a name chooses a bucket. A user takes a record for each password that was right
  /// lately, mostly one; 32,768 records fit into 2 MiB. In a full bucket, the record that expires
  /// first is replaced.
  static constexpr std::uint32_t buckets = 4096, ways = 8;
  static constexpr std::size_t record_octets = 64;

  /// Opens `auth-key` and `auth-cache` in `directory`, both created when they are missing. Records
  /// are made for `lifetime` seconds; a record with a longer time to live is not accepted.
  static base::Result<AuthCache, std::string_view> open(const std::string& directory,
                                                        std::uint32_t lifetime);
  /// Takes a descriptor that is open for reading and writing. The key has auth_key_octets.
  AuthCache(base::UniqueFd file, base::Secret key, std::uint32_t lifetime);

  /// True when this name has logged in with this password, and `hash`, the field of the users file,
  /// is still that of the login. Without `hash` it may have been any other: this is asked before
  /// the users file is read, so that a guess costs only this more than without a cache. A record is
  /// good while `now` is less than its expiry, which no use of it extends.
  bool knows(std::string_view name, const base::Secret& password,
             std::optional<std::string_view> hash, std::uint64_t now) const;
  /// Records a login after a full verification: knows() is then true for `lifetime` seconds.
  void remember(std::string_view name, const base::Secret& password, std::string_view hash,
                std::uint64_t now);

 private:
  base::UniqueFd file_;
  base::Secret key_;
  std::uint32_t lifetime_;
};

} // namespace state
