// SPDX-License-Identifier: ISC
#include "state/auth_cache.hpp"

#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <ostream>
#include <sys/mman.h>
#include <system_error>

using base::Secret;
using state::AuthCache;

namespace {

constexpr std::uint32_t lifetime = 60;
constexpr std::uint64_t now = 1000;
const std::string key(32, 'k');

/// An anonymous file of records, and caches that share it.
struct Records {
  base::UniqueFd fd{memfd_create("auth-cache", MFD_CLOEXEC)};

  AuthCache cache(const std::string& with = key, std::uint32_t seconds = lifetime) const {
    return AuthCache(base::UniqueFd(dup(fd.get())), Secret(with), seconds);
  }
  std::string text() const {
    std::string octets(static_cast<std::size_t>(lseek(fd.get(), 0, SEEK_END)), '\0');
    REQUIRE(pread(fd.get(), octets.data(), octets.size(), 0) ==
            static_cast<ssize_t>(octets.size()));
    return octets;
  }
  void replace(std::string_view text) const {
    REQUIRE(ftruncate(fd.get(), 0) == 0);
    REQUIRE(pwrite(fd.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
  }
};

bool knows(const AuthCache& cache, const std::string& name, const std::string& password,
           const std::string& hash, std::uint64_t when = now) {
  return cache.knows(name, Secret(password), hash, when);
}

void remember(AuthCache cache, const std::string& name, const std::string& password,
              const std::string& hash, std::uint64_t when = now) {
  cache.remember(name, Secret(password), hash, when);
}

} // namespace

TEST_CASE("an empty cache knows no login") {
  const Records records;
  CHECK_FALSE(knows(records.cache(), "alice", "secret", "{X}1"));
  CHECK_FALSE(records.cache().knows("alice", Secret("secret"), {}, now));
}

TEST_CASE("a good login is known, with the same name, password and hash alone") {
  const Records records;
  remember(records.cache(), "alice", "secret", "{X}1");
  const auto cache = records.cache();
  CHECK(knows(cache, "alice", "secret", "{X}1"));
  CHECK_FALSE(knows(cache, "alice", "Secret", "{X}1"));
  CHECK_FALSE(knows(cache, "alice", "", "{X}1"));
  CHECK_FALSE(knows(cache, "bob", "secret", "{X}1"));
  CHECK_FALSE(knows(cache, "alice", "secret", "{X}2"));
  CHECK_FALSE(knows(cache, "alice", "secret", "!{X}1"));
  CHECK_FALSE(knows(cache, "alice", "secret", ""));
}

TEST_CASE("octets do not change sides between name and password, or password and hash") {
  const Records records;
  remember(records.cache(), "ab", "cd", "ef");
  CHECK_FALSE(knows(records.cache(), "a", "bcd", "ef"));
  CHECK_FALSE(knows(records.cache(), "abc", "d", "ef"));
  CHECK_FALSE(knows(records.cache(), "ab", "cde", "f"));
}

TEST_CASE(
    "whether a password may be known does not depend on the hash, as it must be asked first") {
  const Records records;
  remember(records.cache(), "alice", "secret", "{X}1");
  CHECK(records.cache().knows("alice", Secret("secret"), {}, now));
  CHECK_FALSE(records.cache().knows("alice", Secret("other"), {}, now));
  CHECK_FALSE(records.cache().knows("bob", Secret("secret"), {}, now));
  CHECK_FALSE(records.cache().knows("alice", Secret("secret"), {}, now + lifetime));
}

TEST_CASE("a record is good for its lifetime and not a second more, however often it is used") {
  const Records records;
  remember(records.cache(), "alice", "secret", "{X}1");
  for (std::uint64_t second = 0; second < lifetime; ++second)
    REQUIRE(knows(records.cache(), "alice", "secret", "{X}1", now + second));
  CHECK_FALSE(knows(records.cache(), "alice", "secret", "{X}1", now + lifetime));
  CHECK_FALSE(knows(records.cache(), "alice", "secret", "{X}1", now + lifetime + 1));
}

TEST_CASE("a record that lives longer than the site wants now is not believed") {
  const Records records;
  remember(records.cache(), "alice", "secret", "{X}1");
  CHECK(knows(records.cache(key, lifetime), "alice", "secret", "{X}1"));
  CHECK_FALSE(knows(records.cache(key, lifetime - 1), "alice", "secret", "{X}1"));
  CHECK(knows(records.cache(key, lifetime - 1), "alice", "secret", "{X}1", now + 1));
  CHECK_FALSE(knows(records.cache(), "alice", "secret", "{X}1", now - 1)); // a clock set back
}

TEST_CASE("records of another key do not count") {
  const Records records;
  remember(records.cache(), "alice", "secret", "{X}1");
  const auto foreign = records.cache(std::string(31, 'k') + 'l');
  CHECK_FALSE(knows(foreign, "alice", "secret", "{X}1"));
  CHECK_FALSE(foreign.knows("alice", Secret("secret"), {}, now));
}

TEST_CASE("no octet of a record can be changed, and none be left out") {
  const Records records;
  remember(records.cache(), "alice", "secret", "{X}1");
  const auto good = records.text();
  const auto first = good.size() - AuthCache::record_octets; // a new file ends with its one record
  for (std::size_t octet = first; octet < good.size(); ++octet) {
    auto bad = good;
    bad[octet] = static_cast<char>(bad[octet] ^ 1);
    records.replace(bad);
    REQUIRE_FALSE(knows(records.cache(), "alice", "secret", "{X}1"));
    records.replace(good.substr(0, octet));
    REQUIRE_FALSE(knows(records.cache(), "alice", "secret", "{X}1"));
  }
  records.replace(good);
  CHECK(knows(records.cache(), "alice", "secret", "{X}1"));
}

TEST_CASE("a record in two halves of different logins does not count") {
  const Records records;
  remember(records.cache(), "alice", "secret", "{X}1", now);
  const auto before = records.text();
  remember(records.cache(), "alice", "secret", "{X}1", now + 1);
  const auto after = records.text();
  REQUIRE(before.size() == after.size());
  const auto first = after.size() - AuthCache::record_octets;
  for (std::size_t cut = first + 1; cut < after.size(); ++cut) {
    records.replace(after.substr(0, cut) + before.substr(cut));
    REQUIRE_FALSE(knows(records.cache(), "alice", "secret", "{X}1", now + 1));
  }
}

TEST_CASE("a login that comes again takes no second place, a new hash takes that of the old") {
  const Records records;
  remember(records.cache(), "alice", "secret", "{X}1");
  const auto octets = records.text().size();
  remember(records.cache(), "alice", "secret", "{X}1", now + 5);
  remember(records.cache(), "alice", "secret", "{X}2", now + 9);
  CHECK(records.text().size() == octets);
  CHECK(knows(records.cache(), "alice", "secret", "{X}2", now + 9));
  CHECK_FALSE(knows(records.cache(), "alice", "secret", "{X}1", now + 9));
}

TEST_CASE("a full bucket gives up the record that expires first") {
  const Records records;
  const auto password = [](std::uint32_t i) { return "secret" + std::to_string(i); };
  for (std::uint32_t i = 0; i < AuthCache::ways; ++i) // one name, so one bucket
    remember(records.cache(), "alice", password(i), "{X}1", now + i);
  remember(records.cache(), "alice", password(0), "{X}1", now + 8);
  for (std::uint32_t i = 0; i < AuthCache::ways; ++i)
    REQUIRE(knows(records.cache(), "alice", password(i), "{X}1", now + 9));
  const auto octets = records.text().size();
  remember(records.cache(), "alice", "one more", "{X}1", now + 9);
  CHECK(records.text().size() == octets);
  CHECK(knows(records.cache(), "alice", "one more", "{X}1", now + 9));
  for (std::uint32_t i = 0; i < AuthCache::ways; ++i)
    CHECK(knows(records.cache(), "alice", password(i), "{X}1", now + 9) == (i != 1));
}

TEST_CASE("a record that has expired, or lives too long, gives way before a good one") {
  for (const std::uint64_t other : {now - lifetime, now + 1}) { // expired, beyond the lifetime
    const Records records;
    remember(records.cache(), "alice", "other", "{X}1", other);
    for (std::uint32_t i = 0; i < AuthCache::ways; ++i)
      remember(records.cache(), "alice", std::to_string(i), "{X}1", now);
    for (std::uint32_t i = 0; i < AuthCache::ways; ++i)
      CHECK(knows(records.cache(), "alice", std::to_string(i), "{X}1", now));
  }
}

TEST_CASE("the file never outgrows its buckets, however many users log in") {
  const Records records;
  auto cache = records.cache();
  for (int user = 0; user < 2000; ++user)
    cache.remember("user" + std::to_string(user), Secret("secret"), "{X}1", now);
  const auto octets = records.text().size();
  constexpr std::size_t most =
      std::size_t{AuthCache::buckets} * AuthCache::ways * AuthCache::record_octets;
  CHECK(octets <= most);
  CHECK(octets > most / 2); // the names spread over the buckets
  int known = 0;
  for (int user = 0; user < 2000; ++user)
    known += knows(cache, "user" + std::to_string(user), "secret", "{X}1") ? 1 : 0;
  CHECK(known == 2000);
}

TEST_CASE("nothing of a password or a name is in the file") {
  const Records records;
  remember(records.cache(), "alice.liddell", "wonderland", "{X}abcdefgh");
  const auto text = records.text();
  for (const char* word : {"alice", "liddell", "wonderland", "abcdefgh"})
    CHECK(text.find(word) == text.npos);
}

TEST_CASE("a cache that cannot be written or read throws, which its user may bear") {
  const Scratch scratch;
  const auto path = scratch.write("auth-cache", "");
  AuthCache readable(base::UniqueFd(open(path.c_str(), O_RDONLY)), Secret(key), lifetime);
  CHECK_THROWS_AS(readable.remember("alice", Secret("secret"), "{X}1", now), std::system_error);
  AuthCache writable(base::UniqueFd(open(path.c_str(), O_WRONLY)), Secret(key), lifetime);
  CHECK_THROWS_AS(knows(writable, "alice", "secret", "{X}1"), std::system_error);
}

TEST_CASE("an opened cache has two files for their owner alone, and is the same the next time") {
  const Scratch scratch;
  {
    auto cache = AuthCache::open(scratch.path(), lifetime);
    REQUIRE(cache.has_value());
    cache->remember("alice", Secret("secret"), "{X}1", now);
  }
  for (const char* name : {"auth-key", "auth-cache"}) {
    struct stat facts;
    REQUIRE(stat(scratch.path(name).c_str(), &facts) == 0);
    CHECK((facts.st_mode & 07777) == 0600);
  }
  CHECK(scratch.read("auth-key").size() == 32);
  const auto again = AuthCache::open(scratch.path(), lifetime);
  REQUIRE(again.has_value());
  CHECK(knows(*again, "alice", "secret", "{X}1"));
  scratch.write("auth-key", std::string(32, 'x'));
  const auto foreign = AuthCache::open(scratch.path(), lifetime);
  REQUIRE(foreign.has_value());
  CHECK_FALSE(knows(*foreign, "alice", "secret", "{X}1"));
}

TEST_CASE("a cache that others could read or write is refused") {
  for (const mode_t mode : {0640, 0620, 0604, 0602}) {
    const Scratch scratch;
    scratch.write("auth-cache", "", mode);
    const auto cache = AuthCache::open(scratch.path(), lifetime);
    REQUIRE_FALSE(cache.has_value());
    CHECK(cache.error() == state::auth_cache_problem::not_private);
  }
}

TEST_CASE("the clock is that of the boot") {
  const auto before = state::seconds_since_boot();
  timespec boot{};
  REQUIRE(clock_gettime(CLOCK_BOOTTIME, &boot) == 0);
  CHECK(static_cast<std::uint64_t>(boot.tv_sec) - before <= 1);
}
