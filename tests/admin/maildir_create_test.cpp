// SPDX-License-Identifier: ISC
#include "admin/maildir_create.hpp"

#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

using admin::make_maildir;
using admin::place_to_make;

namespace {

users::User user(std::string home = "") {
  users::User user;
  user.name = "alice";
  user.uid = ::geteuid();
  user.gid = ::getegid();
  user.home = std::move(home);
  return user;
}

} // namespace

TEST_CASE("what is missing of a Maildir is made once") {
  const Scratch scratch;
  const auto path = scratch.path("a/b/Maildir");
  CHECK(make_maildir(user(), path));
  CHECK_FALSE(make_maildir(user(), path));
  REQUIRE(::rmdir((path + "/tmp").c_str()) == 0);
  CHECK(make_maildir(user(), path));
  CHECK(::access((path + "/tmp").c_str(), F_OK) == 0);
}

TEST_CASE("root has to make the home if it is missing and above the Maildir, else the Maildir") {
  const Scratch scratch;
  const auto home = scratch.path("home"), maildir = home + "/Maildir";
  CHECK(place_to_make(user(home), maildir) == home);
  CHECK(place_to_make(user(home + "//"), home + "//Maildir/") == home);
  CHECK(place_to_make(user(), maildir) == maildir);
  CHECK(place_to_make(user(scratch.path("ho")), maildir) == maildir);
  CHECK(place_to_make(user(maildir), maildir) == maildir);
  REQUIRE(::mkdir(home.c_str(), 0700) == 0);
  CHECK(place_to_make(user(home), maildir) == maildir);
}
