// SPDX-License-Identifier: ISC
#include "state/auth_cache.hpp"

#include "base/system_error.hpp"
#include "state/private_file.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <ctime>
#include <initializer_list>
#include <sodium/crypto_generichash.h>
#include <sodium/utils.h>
#include <span>

namespace state {

namespace {

using Octets = std::span<unsigned char>;

std::string_view text(std::span<const unsigned char> octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

template <class Number> std::string_view bytes(const Number& number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

/// BLAKE2b of the parts, each after its length, so that no two lists of parts give the same input.
/// The first part says what the digest is for.
void digest(Octets out, std::string_view key, std::initializer_list<std::string_view> parts) {
  crypto_generichash_state state;
  const auto add = [&state](std::string_view part) {
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()),
                              part.size());
  };
  crypto_generichash_init(&state, reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                          out.size());
  for (const auto part : parts) {
    add(bytes(std::uint64_t{part.size()}));
    add(part);
  }
  crypto_generichash_final(&state, out.data(), out.size());
  base::wipe(&state, sizeof state);
}

/// A record as in the file; its numbers have the byte order of this machine.
struct Record {
  std::uint64_t expiry = 0; // 0: no record
  std::array<unsigned char, 24> login{};
  std::array<unsigned char, 32> entry{};

  bool is_alive(std::uint64_t now, std::uint32_t lifetime) const {
    return expiry > now && expiry - now <= lifetime;
  }
};
static_assert(sizeof(Record) == AuthCache::record_octets);

using Bucket = std::array<Record, AuthCache::ways>;

/// A digest of name and password, which is the key of the digests in their records.
class Proof {
 public:
  Proof(const base::Secret& key, std::string_view name, const base::Secret& password) {
    digest(octets_, key.reveal(), {"proof", name, password.reveal()});
  }

  Record record(std::uint64_t expiry, std::string_view hash) const {
    Record made{expiry, {}, {}};
    digest(made.login, text(octets_), {"login", bytes(expiry)});
    digest(made.entry, text(octets_), {"entry", bytes(expiry), hash});
    return made;
  }
  /// Without `hash`, whatever the hash was.
  bool made(const Record& record, std::optional<std::string_view> hash) const {
    const auto expected = this->record(record.expiry, hash.value_or(""));
    const bool is_login =
        sodium_memcmp(record.login.data(), expected.login.data(), expected.login.size()) == 0;
    const bool is_entry =
        sodium_memcmp(record.entry.data(), expected.entry.data(), expected.entry.size()) == 0;
    return is_login && (is_entry || !hash);
  }

 private:
  std::array<unsigned char, 32> octets_;
  base::Wiper<decltype(octets_)> wiper_{octets_};
};

/// The offset of the bucket of `name` in the file. The digest is keyed, so that an attacker cannot
/// choose names that replace each other's records.
off_t place_of(std::string_view name, const base::Secret& key) {
  std::array<unsigned char, crypto_generichash_BYTES_MIN> octets;
  digest(octets, key.reveal(), {"bucket", name});
  std::uint32_t number;
  std::memcpy(&number, octets.data(), sizeof number);
  return off_t{number % AuthCache::buckets} * off_t{sizeof(Bucket)};
}

/// Reads a bucket. Octets after the end of the file are empty records.
Bucket read_bucket(int fd, off_t place) {
  Bucket bucket;
  base::check(::pread(fd, bucket.data(), sizeof bucket, place), "read auth-cache");
  return bucket;
}

} // namespace

std::uint64_t seconds_since_boot() {
  timespec now{};
  base::check(::clock_gettime(CLOCK_BOOTTIME, &now), "clock_gettime");
  return static_cast<std::uint64_t>(now.tv_sec);
}

base::Result<AuthCache, std::string_view> AuthCache::open(const std::string& directory,
                                                          std::uint32_t lifetime) {
  const auto boot = current_boot();
  if (!boot)
    return base::Refused{boot.error()};
  auto key = open_auth_key(directory + "/auth-key", *boot);
  if (!key)
    return base::Refused{key.error()};
  auto file = open_private(directory + "/auth-cache");
  if (!file)
    return base::Refused{auth_cache_problem::not_private};
  return AuthCache(std::move(*file), std::move(*key), lifetime);
}

AuthCache::AuthCache(base::UniqueFd file, base::Secret key, std::uint32_t lifetime)
    : file_(std::move(file)), key_(std::move(key)), lifetime_(lifetime) {
  assert(key_.size() == auth_key_octets);
}

bool AuthCache::knows(std::string_view name, const base::Secret& password,
                      std::optional<std::string_view> hash, std::uint64_t now) const {
  const Proof proof(key_, name, password);
  const auto bucket = read_bucket(file_.get(), place_of(name, key_));
  return std::ranges::any_of(bucket, [&](const Record& record) {
    return record.is_alive(now, lifetime_) && proof.made(record, hash);
  });
}

void AuthCache::remember(std::string_view name, const base::Secret& password, std::string_view hash,
                         std::uint64_t now) {
  const Proof proof(key_, name, password);
  const auto place = place_of(name, key_);
  const auto bucket = read_bucket(file_.get(), place);
  // A record of the same login is replaced, so that there are never two.
  const auto worth = [&](const Record& record) {
    return record.is_alive(now, lifetime_) && !proof.made(record, {}) ? record.expiry : 0;
  };
  const auto victim = std::ranges::min_element(bucket, {}, worth) - bucket.begin();
  const auto record = proof.record(now + lifetime_, hash);
  const auto written =
      ::pwrite(file_.get(), &record, sizeof record, place + off_t{victim} * off_t{sizeof record});
  // A write that was cut short leaves a part of a record, which fits nothing.
  base::check(written, "write auth-cache");
}

} // namespace state
