// SPDX-License-Identifier: ISC
#include "admin/mailbox.hpp"

#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <system_error>
#include <unistd.h>

using admin::create_maildir;
using admin::has_maildir;

namespace {

mode_t mode_of(const std::string& path) {
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 07777;
}

} // namespace

TEST_CASE("a Maildir is made for its owner alone, with the directories above it") {
  const Scratch scratch;
  const auto old_mask = ::umask(0);
  create_maildir(scratch.path("example.org/a"));
  CHECK(::umask(old_mask) == 0);
  for (const auto* name : {"example.org", "example.org/a", "example.org/a/cur", "example.org/a/new",
                           "example.org/a/tmp"})
    CHECK(mode_of(scratch.path(name)) == 0700);
  CHECK(has_maildir(scratch.path("example.org/a")));
}

TEST_CASE("a Maildir that is there already keeps its mail and its modes") {
  const Scratch scratch;
  create_maildir(scratch.path("a"));
  scratch.write("a/new/1", "mail");
  REQUIRE(::chmod(scratch.path("a/cur").c_str(), 0750) == 0);
  create_maildir(scratch.path("a"));
  CHECK(scratch.read("a/new/1") == "mail");
  CHECK(mode_of(scratch.path("a/cur")) == 0750);
}

TEST_CASE("a Maildir cannot be made where something else is") {
  const Scratch scratch;
  scratch.write("file", "");
  CHECK_THROWS(create_maildir(scratch.path("file")));
  REQUIRE(::mkdir(scratch.path("b").c_str(), 0700) == 0);
  scratch.write("b/new", "");
  CHECK_THROWS(create_maildir(scratch.path("b")));
  REQUIRE(::mkdir(scratch.path("c").c_str(), 0700) == 0);
  REQUIRE(::symlink("/tmp", scratch.path("c/cur").c_str()) == 0);
  CHECK_THROWS(create_maildir(scratch.path("c")));
}

TEST_CASE("the problem of an unusable Maildir is named") {
  const Scratch scratch;
  CHECK_FALSE(has_maildir(scratch.path("none")));
  create_maildir(scratch.path("a"));
  REQUIRE(::rmdir(scratch.path("a/tmp").c_str()) == 0);
  const auto missing = scratch.path("a/tmp") + ": No such file or directory";
  CHECK_THROWS_WITH_AS(has_maildir(scratch.path("a")), missing.c_str(), std::system_error);
  const auto other = scratch.write("file", "") + ": Not a directory";
  CHECK_THROWS_WITH_AS(has_maildir(scratch.path("file")), other.c_str(), std::system_error);
}

TEST_CASE("a Maildir that may not be written is unusable" * doctest::skip(::geteuid() == 0)) {
  const Scratch scratch;
  create_maildir(scratch.path("a"));
  REQUIRE(::chmod(scratch.path("a/cur").c_str(), 0500) == 0);
  CHECK_THROWS_AS(has_maildir(scratch.path("a")), std::system_error);
}
