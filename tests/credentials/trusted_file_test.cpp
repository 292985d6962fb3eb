// SPDX-License-Identifier: ISC
#include "credentials/trusted_file.hpp"

#include "scratch.hpp"

#include <doctest/doctest.h>
#include <system_error>
#include <unistd.h>
#include <utility>

using credentials::FileProblem;
using credentials::TrustedFile;

namespace {

TrustedFile open(const std::string& path) {
  auto file = TrustedFile::open(path);
  REQUIRE(file.has_value());
  return std::move(*file);
}

FileProblem refusal(const std::string& path) {
  const auto file = TrustedFile::open(path);
  REQUIRE_FALSE(file.has_value());
  return file.error();
}

} // namespace

TEST_CASE("a file that its group or everybody may write is refused") {
  const Scratch scratch;
  for (const mode_t mode : {0600u, 0640u, 0644u, 0400u})
    CHECK(TrustedFile::open(scratch.write("users", "a:1\n", mode)).has_value());
  for (const mode_t mode : {0620u, 0602u, 0666u, 0660u})
    CHECK(refusal(scratch.write("users", "a:1\n", mode)) == FileProblem::writable_by_others);
}

TEST_CASE("only a regular file is read, and asking for another does not wait") {
  const Scratch scratch;
  REQUIRE(::mkfifo(scratch.path("fifo").c_str(), 0600) == 0);
  REQUIRE(::symlink(scratch.write("users", "a:1\n").c_str(), scratch.path("link").c_str()) == 0);
  CHECK(refusal(scratch.path("fifo")) == FileProblem::not_regular);
  CHECK(refusal(scratch.path("link")) == FileProblem::not_regular);
  CHECK(refusal(scratch.path()) == FileProblem::not_regular);
  CHECK(refusal("/dev/null") == FileProblem::not_regular);
}

TEST_CASE("a file that is not there is a failure of the system") {
  const Scratch scratch;
  try {
    (void)TrustedFile::open(scratch.path("users"));
    FAIL("opened");
  } catch (const std::system_error& error) {
    CHECK(error.code().value() == ENOENT);
  }
}

TEST_CASE("a file of another owner is refused" * doctest::skip(::geteuid() != 0)) {
  const Scratch scratch;
  const auto path = scratch.write("users", "a:1\n");
  REQUIRE(::chown(path.c_str(), 12345, 12345) == 0);
  CHECK(refusal(path) == FileProblem::foreign_owner);
}

TEST_CASE("who may read the file follows its owner, group and mode" *
          doctest::skip(::geteuid() != 0)) {
  const Scratch scratch;
  const auto path = scratch.write("users", "a:1\n", 0640);
  REQUIRE(::chown(path.c_str(), 0, 77) == 0);
  const auto file = open(path);
  const gid_t groups[] = {5, 77};
  CHECK(file.readable_by(0, 1));
  CHECK(file.readable_by(1000, 77));
  CHECK(file.readable_by(1000, 1000, groups));
  CHECK_FALSE(file.readable_by(1000, 1000));
  REQUIRE(::chmod(path.c_str(), 0604) == 0);
  CHECK(open(path).readable_by(1000, 1000));
  CHECK_FALSE(open(path).readable_by(1000, 77));
}

TEST_CASE("whoever owns the file can read it, whatever its mode") {
  const Scratch scratch;
  const auto file = open(scratch.write("users", "a:1\n", 0400));
  CHECK(file.readable_by(::geteuid(), 12345));
  CHECK(file.facts().st_uid == ::geteuid());
}
