// SPDX-License-Identifier: ISC
#include "state/private_file.hpp"

#include "support/child.hpp"
#include "support/scratch.hpp"

#include <barrier>
#include <cstdlib>
#include <doctest/doctest.h>
#include <future>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

using state::open_key_file;

namespace {

std::string content(const Scratch& scratch, const char* name) {
  const auto key = open_key_file(scratch.path(name));
  REQUIRE(key.has_value());
  return std::string(key->reveal());
}

std::string_view problem(const std::string& path) {
  const auto key = open_key_file(path);
  REQUIRE_FALSE(key.has_value());
  return key.error();
}

} // namespace

TEST_CASE("a key is made once, is private, and is another one elsewhere") {
  const Scratch scratch;
  const auto first = content(scratch, "a");
  CHECK(first.size() == 32);
  CHECK(content(scratch, "a") == first);
  CHECK(content(scratch, "b") != first);
  struct stat facts;
  REQUIRE(::stat(scratch.path("a").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
  CHECK(facts.st_size == 32);
}

TEST_CASE("an incomplete key is made anew, and every process has the new one") {
  const Scratch scratch;
  for (const std::size_t octets : {0, 1, 31}) {
    scratch.write("key", std::string(octets, 'k'));
    CHECK_FALSE(state::problem_of_key_file(scratch.path("key")).has_value());
    const auto made = content(scratch, "key");
    CHECK(made.size() == 32);
    CHECK(scratch.read("key") == made);
    CHECK(content(scratch, "key") == made);
  }
}

TEST_CASE("processes that find an incomplete key at once agree on a new one") {
  const Scratch scratch;
  scratch.write("key", "k");
  std::vector<std::unique_ptr<support::Child>> children;
  for (int i = 0; i < 8; ++i)
    children.push_back(std::make_unique<support::Child>([&] {
      const auto key = open_key_file(scratch.path("key"));
      return key && key->reveal() == scratch.read("key") ? 0 : 1;
    }));
  for (const auto& child : children)
    CHECK(child->exit_status() == 0);
}

TEST_CASE("an incomplete key that another one removes at that moment is no failure") {
  const support::ScratchDir scratch;
  const auto path = scratch.path("key");
  for (int round = 0; round < 300; ++round) {
    support::write_file(path, "k");
    ::chmod(path.c_str(), 0600);
    std::barrier start(4); // threads, as processes rarely meet there
    const auto size_of_key = [&] {
      start.arrive_and_wait();
      const auto key = open_key_file(path);
      return key ? key->reveal().size() : 0;
    };
    std::vector<std::future<std::size_t>> sizes;
    for (int i = 0; i < 4; ++i)
      sizes.push_back(std::async(std::launch::async, size_of_key));
    for (auto& size : sizes)
      REQUIRE(size.get() == state::key_file_octets);
  }
}

TEST_CASE("a key that is too long is refused and stays") {
  const Scratch scratch;
  const auto path = scratch.write("key", std::string(33, 'k'));
  CHECK(problem(path) == state::key_file_problem::too_long);
  CHECK(state::problem_of_key_file(path) == state::key_file_problem::too_long);
  CHECK(scratch.read("key") == std::string(33, 'k'));
  scratch.write("key", std::string(32, 'k'));
  CHECK(content(scratch, "key") == std::string(32, 'k'));
}

TEST_CASE("the problem of a key is told without making one") {
  const Scratch scratch;
  CHECK_FALSE(state::problem_of_key_file(scratch.path("key")).has_value());
  struct stat facts;
  CHECK(::stat(scratch.path("key").c_str(), &facts) != 0);
  const auto path = scratch.write("key", std::string(32, 'k'), 0640);
  CHECK(state::problem_of_key_file(path) == state::key_file_problem::not_private);
  REQUIRE(::symlink("key", scratch.path("link").c_str()) == 0);
  CHECK_THROWS_AS((void)state::problem_of_key_file(scratch.path("link")), std::system_error);
}

TEST_CASE("a key that others may read or write, or that is no file, is refused") {
  const Scratch scratch;
  const auto path = scratch.write("key", std::string(32, 'k'));
  for (const mode_t mode : {0640, 0604, 0620, 0610}) {
    ::chmod(path.c_str(), mode);
    CHECK(problem(path) == state::key_file_problem::not_private);
  }
  REQUIRE(::mkfifo(scratch.path("fifo").c_str(), 0600) == 0);
  CHECK(problem(scratch.path("fifo")) == state::key_file_problem::not_private);
  REQUIRE(::symlink(path.c_str(), scratch.path("link").c_str()) == 0);
  CHECK_THROWS_AS((void)open_key_file(scratch.path("link")), std::system_error);
}

TEST_CASE("a directory that is missing is a failure") {
  const Scratch scratch;
  CHECK_THROWS_AS((void)open_key_file(scratch.path("missing/key")), std::system_error);
}

TEST_CASE("the site's key is the file site-key and stays") {
  const Scratch scratch;
  const auto key = state::open_site_key(scratch.path("."));
  const auto again = state::open_site_key(scratch.path("."));
  REQUIRE(key.has_value());
  REQUIRE(again.has_value());
  CHECK(key->reveal() == again->reveal());
  struct stat facts;
  CHECK(::stat(scratch.path("site-key").c_str(), &facts) == 0);
}

TEST_CASE("a site's key that is not private is refused") {
  const Scratch scratch;
  ::chmod(scratch.write("site-key", std::string(32, 'k')).c_str(), 0644);
  const auto key = state::open_site_key(scratch.path("."));
  REQUIRE_FALSE(key.has_value());
  CHECK(key.error() == state::key_file_problem::not_private);
}

TEST_CASE("a tool reads the site's key as it is, whatever its owner is") {
  const Scratch scratch;
  const std::string directory = scratch.path(".");
  CHECK_FALSE(state::read_site_key(directory));
  for (const std::string& content : {std::string(31, 'k'), std::string(33, 'k')}) {
    scratch.write("site-key", content);
    CHECK_FALSE(state::read_site_key(directory));
    CHECK(scratch.read("site-key") == content);
  }
  const std::string key(32, 'k');
  ::chmod(scratch.write("site-key", key).c_str(), 0644); // as for another account
  const auto read = state::read_site_key(directory);
  REQUIRE(read.has_value());
  CHECK(read->reveal() == key);
  CHECK(::unlink(scratch.path("site-key").c_str()) == 0);
  CHECK(::mkdir(scratch.path("site-key").c_str(), 0700) == 0);
  CHECK_FALSE(state::read_site_key(directory));
}

TEST_CASE("a private file is made for its owner alone, and refused when others may use it") {
  const Scratch scratch;
  const auto path = scratch.path("file");
  CHECK(state::open_private(path).has_value());
  struct stat facts;
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777) == 0600);
  for (const mode_t mode : {0640, 0604, 0620, 0610}) {
    ::chmod(path.c_str(), mode);
    CHECK_FALSE(state::open_private(path).has_value());
  }
  REQUIRE(::mkfifo(scratch.path("fifo").c_str(), 0600) == 0);
  CHECK_FALSE(state::open_private(scratch.path("fifo")).has_value());
  REQUIRE(::symlink("file", scratch.path("link").c_str()) == 0);
  CHECK_THROWS_AS((void)state::open_private(scratch.path("link")), std::system_error);
}
