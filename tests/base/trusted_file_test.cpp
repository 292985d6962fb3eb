// SPDX-License-Identifier: ISC
#include "base/trusted_file.hpp"

#include "support/access_list.hpp"
#include "support/child.hpp"
#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <system_error>
#include <unistd.h>

using base::FileProblem;
using base::open_trusted;

TEST_CASE("a file that only root or we can write to is trusted") {
  const Scratch scratch;
  for (const mode_t mode : {0400u, 0600u, 0640u, 0644u}) {
    const auto file = open_trusted(scratch.write("file", "text", mode));
    REQUIRE(file.has_value());
    CHECK(file->facts.st_size == 4);
    CHECK((file->facts.st_mode & 0777) == mode);
    char text[4];
    CHECK(::read(file->fd.get(), text, 4) == 4);
    ::unlink(scratch.path("file").c_str());
  }
}

TEST_CASE("a file that others can write to is not trusted") {
  const Scratch scratch;
  for (const mode_t mode : {0620u, 0602u, 0666u}) {
    const auto file = open_trusted(scratch.write("file", "text", mode));
    CHECK_FALSE(file);
    CHECK(file.error() == FileProblem::writable_by_others);
  }
}

TEST_CASE("only a regular file is trusted") {
  const Scratch scratch;
  scratch.write("file", "text");
  REQUIRE(::symlink("file", scratch.path("link").c_str()) == 0);
  REQUIRE(::mkfifo(scratch.path("fifo").c_str(), 0600) == 0);
  for (const auto* name : {"link", "fifo", ""})
    CHECK(open_trusted(scratch.path(name)).error() == FileProblem::not_regular);
}

TEST_CASE("a file that is not there is a failure of the system") {
  const Scratch scratch;
  CHECK_THROWS_AS((void)open_trusted(scratch.path("none")), std::system_error);
}

TEST_CASE("every problem of a file has a sentence of its own") {
  CHECK(description(FileProblem::not_regular) != description(FileProblem::foreign_owner));
  CHECK(description(FileProblem::writable_by_others) == "is writable by its group or by everybody");
}

TEST_CASE("a file of another owner is refused" * doctest::skip(::geteuid() != 0)) {
  const Scratch scratch;
  const auto path = scratch.write("users", "a:1\n");
  REQUIRE(::chown(path.c_str(), 12345, 12345) == 0);
  CHECK(open_trusted(path).error() == FileProblem::foreign_owner);
}

TEST_CASE("the right to read the file follows its owner, group and mode" *
          doctest::skip(::geteuid() != 0)) {
  const Scratch scratch;
  const auto path = scratch.write("users", "a:1\n", 0640);
  REQUIRE(::chown(path.c_str(), 0, 77) == 0);
  const auto file = open_trusted(path);
  const gid_t groups[] = {5, 77};
  CHECK(file->readable_by(0, 1));
  CHECK(file->readable_by(1000, 77));
  CHECK(file->readable_by(1000, 1000, groups));
  CHECK_FALSE(file->readable_by(1000, 1000));
  REQUIRE(::chmod(path.c_str(), 0604) == 0);
  CHECK(open_trusted(path)->readable_by(1000, 1000));
  CHECK_FALSE(open_trusted(path)->readable_by(1000, 77));
}

TEST_CASE("the owner of the file can read it, whatever its mode") {
  const Scratch scratch;
  const auto file = open_trusted(scratch.write("users", "a:1\n", 0400));
  CHECK(file->readable_by(::geteuid(), 12345));
  CHECK(file->facts.st_uid == ::geteuid());
}

TEST_CASE("an access control list says who can read the file, in the place of the group's bits" *
          doctest::skip(::geteuid() != 0)) {
  const Scratch scratch;
  const auto path = scratch.write("users", "a:1\n", 0600);
  REQUIRE(::chown(path.c_str(), 0, 77) == 0);
  if (!support::set_list(path, support::list_for(1000)))
    return support::skipped("the file system has no access control lists");
  const auto can_read = [&](uid_t uid, gid_t gid, std::span<const gid_t> groups = {}) {
    return open_trusted(path)->readable_by(uid, gid, groups);
  };
  CHECK(can_read(1000, 1));
  CHECK_FALSE(can_read(1001, 1));
  CHECK_FALSE(can_read(1001, 77)); // 0640 is the mask, the group has no right
  REQUIRE(support::set_list(path, support::list_for(1000, 0)));
  CHECK_FALSE(can_read(1000, 1));
  REQUIRE(support::set_list(path, support::list_of({{ACL_USER_OBJ, 6},
                                                    {ACL_USER, 0, 1000},
                                                    {ACL_GROUP_OBJ, 0},
                                                    {ACL_GROUP, 0, 87},
                                                    {ACL_GROUP, 4, 88},
                                                    {ACL_MASK, 4},
                                                    {ACL_OTHER, 4}})));
  const gid_t several[] = {77, 87, 88};
  CHECK(can_read(1001, 88));
  CHECK(can_read(1001, 1, several));
  CHECK_FALSE(can_read(1001, 87));
  CHECK_FALSE(can_read(1000, 88));
  CHECK(can_read(1001, 1)); // as others
  CHECK(can_read(0, 1));
}
