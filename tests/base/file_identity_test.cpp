// SPDX-License-Identifier: ISC
#include "base/file_identity.hpp"

#include "base/unique_fd.hpp"
#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

TEST_CASE("a file has its name until another file takes it, or until it is removed") {
  const Scratch scratch;
  const auto path = scratch.write("a", "");
  const base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const base::UniqueFd directory(::open(scratch.path().c_str(), O_RDONLY | O_CLOEXEC));
  CHECK(base::is_named(file.get(), path));
  CHECK(base::is_named(file.get(), "a", directory.get()));
  CHECK_FALSE(base::is_named(file.get(), "b", directory.get()));
  CHECK_FALSE(base::is_named(-1, path));
  REQUIRE(::rename(scratch.write("b", "").c_str(), path.c_str()) == 0);
  CHECK_FALSE(base::is_named(file.get(), path));
  ::unlink(path.c_str());
  CHECK_FALSE(base::is_named(file.get(), path));
}

TEST_CASE("a symbolic link to a file is not its name") {
  const Scratch scratch;
  const auto path = scratch.write("a", "");
  const base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  REQUIRE(::symlink("a", scratch.path("link").c_str()) == 0);
  CHECK_FALSE(base::is_named(file.get(), scratch.path("link")));
}
