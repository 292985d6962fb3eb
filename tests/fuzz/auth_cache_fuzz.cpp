// SPDX-License-Identifier: ISC
// The first octet of each step of the input chooses what the step does: a login, a wait, octets of
// a bucket replaced by the octets that follow, or a cut at the end of the file.
#include "base/system_error.hpp"
#include "fuzz/target.hpp"
#include "state/auth_cache.hpp"

#include <array>
#include <set>
#include <string>
#include <sys/mman.h>
#include <tuple>

namespace {

using base::Secret;
using fuzz::expect;
using state::AuthCache;

constexpr std::uint32_t lifetime = 60;
constexpr std::size_t bucket_octets = AuthCache::ways * AuthCache::record_octets;
constexpr std::uint64_t largest_file = std::uint64_t{AuthCache::buckets} * bucket_octets;
constexpr std::array<std::string_view, 4> names{"alice", "bob", "", "alice@example.org"};
constexpr std::array<std::string_view, 4> passwords{"a", "secret", "secret ", "wonderland"};
constexpr std::array<std::string_view, 4> hashes{"{X}1", "{X}2", "!{X}1", ""};

base::UniqueFd new_file() {
  return base::UniqueFd(base::check(memfd_create("auth-cache", MFD_CLOEXEC), "memfd_create"));
}

AuthCache cache_on(const base::UniqueFd& file) {
  return AuthCache(base::UniqueFd(base::check(dup(file.get()), "dup")),
                   Secret("0123456789abcdef0123456789abcdef"), lifetime);
}

off_t size_of(const base::UniqueFd& file) {
  return base::check(lseek(file.get(), 0, SEEK_END), "lseek");
}

/// The offset of the bucket of `name`: a new file ends with its first record.
off_t place_of(std::string_view name) {
  const auto file = new_file();
  cache_on(file).remember(name, Secret("x"), "x", 1);
  return size_of(file) - off_t{AuthCache::record_octets};
}

struct Login {
  std::uint8_t who, password, hash;
  explicit Login(std::uint8_t octet)
      : who(octet & 3), password(octet >> 2 & 3), hash(octet >> 4 & 3) {}
  std::string_view name() const { return names[who]; }
  Secret secret() const { return Secret(passwords[password]); }
  auto key() const { return std::tuple(who, password, hash); }
};

/// A cache beside the list of the logins that have taken place.
class Comparison {
 public:
  void log_in(const Login& login) {
    cache_.remember(login.name(), login.secret(), hashes[login.hash], now_);
    logins_.insert({login.key(), now_});
    expect(cache_.knows(login.name(), login.secret(), hashes[login.hash], now_),
           "a login is known at once");
  }
  void wait(std::uint8_t seconds) { now_ += seconds; }
  void overwrite(std::uint8_t who, std::uint8_t record, std::string_view octets) {
    static const std::array<off_t, 4> places{place_of(names[0]), place_of(names[1]),
                                             place_of(names[2]), place_of(names[3])};
    const off_t offset = off_t{record % 64} * 8; // where the fields of records begin
    const auto fitting = octets.substr(0, bucket_octets - static_cast<std::size_t>(offset));
    base::check(pwrite(file_.get(), fitting.data(), fitting.size(), places[who & 3] + offset),
                "pwrite");
  }
  void cut(std::uint16_t octets) {
    const auto size = size_of(file_);
    base::check(ftruncate(file_.get(), size > octets ? size - octets : 0), "ftruncate");
  }
  void check() const {
    for (std::uint8_t octet = 0; octet < 64; ++octet) {
      const Login login(octet);
      const bool is_known = cache_.knows(login.name(), login.secret(), hashes[login.hash], now_);
      expect(!is_known || was_good(login), "nobody is known who has not logged in lately");
      expect(!is_known || cache_.knows(login.name(), login.secret(), {}, now_),
             "who is known may be known");
    }
    expect(static_cast<std::uint64_t>(size_of(file_)) <= largest_file, "the file stays small");
  }

 private:
  bool was_good(const Login& login) const {
    for (std::uint64_t when = now_ - lifetime + 1; when <= now_; ++when)
      if (logins_.contains({login.key(), when}))
        return true;
    return false;
  }

  base::UniqueFd file_ = new_file();
  AuthCache cache_ = cache_on(file_);
  std::uint64_t now_ = 1000;
  std::set<std::pair<std::tuple<std::uint8_t, std::uint8_t, std::uint8_t>, std::uint64_t>> logins_;
};

void take_step(fuzz::Input& input, Comparison& comparison) {
  switch (input.byte() % 5) {
  case 0:
  case 1: comparison.log_in(Login(input.byte())); break;
  case 2: comparison.wait(input.byte()); break;
  case 3: {
    const auto who = input.byte(), record = input.byte(), octets = input.byte();
    comparison.overwrite(who, record, input.take(octets));
    break;
  }
  case 4: comparison.cut(input.byte()); break;
  }
}

void try_input(fuzz::Input input) {
  Comparison comparison;
  while (!input.empty())
    take_step(input, comparison);
  comparison.check();
}

const fuzz::Target target("auth_cache", try_input);

} // namespace
