// SPDX-License-Identifier: ISC
// Good logins of the last minutes, so that the next one with the same password needs no Argon2: a
// file of digests that nobody can make, or compare with a guess, who does not have the key. Its
// size is fixed, whatever the number of users or of enemies.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/unique_fd.hpp"
#include "state/auth_key.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace state {

/// Seconds since this boot, suspension included (CLOCK_BOOTTIME): nobody can set that clock.
std::uint64_t seconds_since_boot();

/// One record is one login: when it expires, and digests that are keyed, have that moment in them
/// and are compared in constant time. So a record that is torn, cut, foreign or forged fits
/// nothing, and there are no locks: a reader reads one bucket with one pread(2), a writer writes
/// one record with one pwrite(2), and when two choose the same place the later one has it.
/// Everything throws std::system_error; none of that need keep anybody from logging in.
class AuthCache {
 public:
  /// The digest of a name chooses a bucket. A user takes a record for each password that was right
  /// lately, mostly one; there is room for 32,768 in 2 MiB. Where a bucket is full, the record that
  /// expires first gives way.
  static constexpr std::uint32_t buckets = 4096, ways = 8;
  static constexpr std::size_t record_octets = 64;

  /// Opens `auth-key` and `auth-cache` in `directory`, both made when they are missing. Records are
  /// made for `lifetime` seconds, and none that has longer to live is believed.
  static base::Result<AuthCache, AuthCacheProblem> open(const std::string& directory,
                                                        std::uint32_t lifetime);
  /// For a descriptor that is open for reading and writing. The key has auth_key_octets.
  AuthCache(base::UniqueFd file, base::Secret key, std::uint32_t lifetime);

  /// Whether this name has logged in with this password, whatever its hash was. Asked before the
  /// users file is, so that a stranger's guess costs this and no more than without a cache.
  bool may_know(std::string_view name, const base::Secret& password, std::uint64_t now) const;
  /// The same with `hash`, the field of the users file as it stood and stands. A record is good
  /// while `now` is less than its expiry, which no use of it extends.
  bool knows(std::string_view name, const base::Secret& password, std::string_view hash,
             std::uint64_t now) const;
  /// After a full verification: the same answers true for `lifetime` seconds.
  void remember(std::string_view name, const base::Secret& password, std::string_view hash,
                std::uint64_t now);

 private:
  base::UniqueFd file_;
  base::Secret key_;
  std::uint32_t lifetime_;
};

} // namespace state
