// SPDX-License-Identifier: ISC
#include "base/trusted_directory.hpp"

#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <sys/stat.h>
#include <unistd.h>

using base::problem_with_directories_above;
using base::problem_with_directory;

namespace {

constexpr auto writable = " is writable by its group or by everybody";
constexpr auto foreign = " is owned by neither root nor the account that uses it";

/// `outer/inner/file`.
struct Directories {
  Scratch scratch;
  std::string outer = scratch.path("outer"), inner = outer + "/inner", file = inner + "/file";

  Directories() {
    chmod(scratch.path().c_str(), 0755);
    mkdir(outer.c_str(), 0755);
    mkdir(inner.c_str(), 0755);
    scratch.write("outer/inner/file", "text");
  }
};

} // namespace

TEST_CASE("directories that only root or we can change are good") {
  const Directories tree;
  for (const mode_t mode : {0700u, 0755u, 0711u}) {
    chmod(tree.inner.c_str(), mode);
    CHECK_FALSE(problem_with_directory(tree.inner));
    CHECK_FALSE(problem_with_directories_above(tree.file));
  }
}

TEST_CASE("a directory that others can write to is named, at every depth") {
  const Directories tree;
  for (const mode_t mode : {0775u, 0757u, 0777u})
    for (const auto& path : {tree.outer, tree.inner}) {
      chmod(path.c_str(), mode);
      CHECK(problem_with_directory(tree.inner) == path + writable);
      CHECK(problem_with_directories_above(tree.file) == path + writable);
      chmod(path.c_str(), 0755);
    }
}

TEST_CASE("the sticky bit protects what is in a directory, but lets others add to it") {
  const Directories tree;
  chmod(tree.outer.c_str(), 01777);
  CHECK_FALSE(problem_with_directory(tree.inner));
  CHECK_FALSE(problem_with_directories_above(tree.file));
  CHECK(problem_with_directory(tree.outer) == tree.outer + writable);
}

TEST_CASE("a directory of another account is named" * doctest::skip(geteuid() != 0)) {
  const Directories tree;
  for (const auto& path : {tree.outer, tree.inner}) {
    REQUIRE(chown(path.c_str(), 12345, 0) == 0);
    CHECK(problem_with_directory(tree.inner) == path + foreign);
    CHECK(problem_with_directories_above(tree.file) == path + foreign);
    REQUIRE(chown(path.c_str(), 0, 0) == 0);
  }
}

TEST_CASE("a link is followed, and what it leads through is looked at") {
  const Directories tree;
  const auto link = tree.scratch.path("link"), file_link = tree.scratch.path("file-link");
  REQUIRE(symlink(tree.inner.c_str(), link.c_str()) == 0);
  REQUIRE(symlink(tree.file.c_str(), file_link.c_str()) == 0);
  CHECK_FALSE(problem_with_directory(link));
  CHECK_FALSE(problem_with_directories_above(file_link));
  chmod(tree.outer.c_str(), 0777);
  CHECK(problem_with_directory(link) == tree.outer + writable);
  CHECK(problem_with_directories_above(link + "/file") == tree.outer + writable);
  CHECK(problem_with_directories_above(file_link) == tree.outer + writable);
  if (geteuid() == 0) {
    chmod(tree.outer.c_str(), 0755);
    REQUIRE(lchown(link.c_str(), 12345, 0) == 0);
    CHECK(problem_with_directory(link) == link + foreign);
  }
}

TEST_CASE("what is missing, or no directory, is left to the use of it") {
  const Directories tree;
  CHECK_FALSE(problem_with_directory(tree.file));
  CHECK_FALSE(problem_with_directory(tree.file + "/below"));
  CHECK_FALSE(problem_with_directory(tree.outer + "/missing"));
  CHECK_FALSE(problem_with_directories_above(tree.outer + "/missing/file"));
  CHECK_FALSE(problem_with_directory("/"));
}
