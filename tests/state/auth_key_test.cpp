// SPDX-License-Identifier: ISC
#include "state/auth_key.hpp"

#include "support/child.hpp"
#include "support/scratch.hpp"

#include <boost/filesystem/directory.hpp>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <memory>
#include <ostream>
#include <set>
#include <system_error>
#include <vector>

using state::open_auth_key;

namespace problem = state::auth_cache_problem;

namespace {

std::string key_of(const Scratch& scratch, const std::string& boot = "boot") {
  const auto key = open_auth_key(scratch.path("auth-key"), boot);
  REQUIRE(key.has_value());
  return std::string(key->reveal());
}

void expect_refusal(const Scratch& scratch, std::string_view problem) {
  const auto key = open_auth_key(scratch.path("auth-key"), "boot");
  REQUIRE_FALSE(key.has_value());
  CHECK(key.error() == problem);
}

} // namespace

TEST_CASE("a key is made once, for its owner alone, and leaves nothing else behind") {
  const Scratch scratch, another;
  const auto key = key_of(scratch);
  CHECK(key.size() == 32);
  CHECK(key_of(scratch) == key);
  CHECK(key_of(another) != key);
  struct stat facts;
  REQUIRE(stat(scratch.path("auth-key").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777) == 0600);
  CHECK(facts.st_nlink == 1);
  const boost::filesystem::directory_iterator files(scratch.path()), end;
  CHECK(std::distance(files, end) == 1);
}

TEST_CASE("the key is not the file's octets, and another boot has another") {
  const Scratch scratch;
  scratch.write("auth-key", std::string(32, 'f'));
  const auto key = key_of(scratch, "one");
  CHECK(key != std::string(32, 'f'));
  CHECK(key_of(scratch, "one") == key);
  CHECK(key_of(scratch, "two") != key);
}

TEST_CASE("an incomplete key file is made anew") {
  for (const std::size_t octets : {0, 31}) {
    const Scratch scratch;
    scratch.write("auth-key", std::string(octets, 'f'));
    const auto key = key_of(scratch);
    CHECK(scratch.read("auth-key").size() == 32);
    CHECK(key_of(scratch) == key);
  }
}

TEST_CASE("a key file that is too long is refused and left as it is") {
  for (const std::size_t octets : {33, 64}) {
    const Scratch scratch;
    scratch.write("auth-key", std::string(octets, 'f'));
    expect_refusal(scratch, problem::wrong_length);
    CHECK(scratch.read("auth-key") == std::string(octets, 'f'));
  }
}

TEST_CASE("a key file that others may read or write is refused") {
  for (const mode_t mode : {0640, 0620, 0604, 0602, 0601}) {
    const Scratch scratch;
    scratch.write("auth-key", std::string(32, 'f'), mode);
    expect_refusal(scratch, problem::not_private);
  }
}

TEST_CASE("a key file of another account is refused, for root too") {
  if (geteuid() != 0)
    return support::skipped("needs root, to give a file away");
  const Scratch scratch;
  const auto path = scratch.write("auth-key", std::string(32, 'f'));
  REQUIRE(chown(path.c_str(), 65534, 65534) == 0);
  expect_refusal(scratch, problem::not_private);
}

TEST_CASE("a directory or a FIFO in the key's place is refused, a symbolic link not followed") {
  {
    const Scratch scratch;
    REQUIRE(mkdir(scratch.path("auth-key").c_str(), 0700) == 0);
    expect_refusal(scratch, problem::not_private);
  }
  {
    const Scratch scratch;
    REQUIRE(mkfifo(scratch.path("auth-key").c_str(), 0600) == 0);
    expect_refusal(scratch, problem::not_private);
  }
  const Scratch scratch;
  scratch.write("target", std::string(32, 'f'));
  REQUIRE(symlink("target", scratch.path("auth-key").c_str()) == 0);
  CHECK_THROWS_AS((void)open_auth_key(scratch.path("auth-key"), "boot"), std::system_error);
}

TEST_CASE("without a directory there is no key") {
  const Scratch scratch;
  CHECK_THROWS_AS((void)open_auth_key(scratch.path("no/auth-key"), "boot"), std::system_error);
}

TEST_CASE("processes that make the key at once have the same one") {
  for (int round = 0; round < 20; ++round) {
    const Scratch scratch;
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    std::vector<std::unique_ptr<support::Child>> makers;
    for (int i = 0; i < 8; ++i)
      makers.push_back(std::make_unique<support::Child>([&] {
        const auto key = open_auth_key(scratch.path("auth-key"), "boot");
        return key && write(ends[1], key->reveal().data(), 32) == 32 ? 0 : 1;
      }));
    std::set<std::string> keys;
    for (const auto& maker : makers) {
      CHECK(maker->exit_status() == 0);
      std::string key(32, '\0');
      REQUIRE(read(ends[0], key.data(), 32) == 32);
      keys.insert(key);
    }
    close(ends[0]);
    close(ends[1]);
    CHECK(keys.size() == 1);
    const boost::filesystem::directory_iterator files(scratch.path()), end;
    CHECK(std::distance(files, end) == 1);
  }
}

TEST_CASE("this boot has an id, the same each time") {
  const auto boot = state::current_boot();
  REQUIRE(boot.has_value());
  CHECK(boot->size() == 36);
  CHECK(*state::current_boot() == *boot);
}

TEST_CASE("every problem has its sentence") {
  const std::set<std::string_view> sentences{problem::not_private, problem::wrong_length,
                                             problem::unknown_boot};
  CHECK(sentences.size() == 3);
}
