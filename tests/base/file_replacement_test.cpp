// SPDX-License-Identifier: ISC
#include "base/file_replacement.hpp"

#include "support/scratch.hpp"

#include <boost/filesystem/directory.hpp>
#include <doctest/doctest.h>
#include <system_error>

using base::FileReplacement;

namespace {

std::ptrdiff_t entries_in(const std::string& directory) {
  return std::distance(boost::filesystem::directory_iterator(directory), {});
}

} // namespace

TEST_CASE("a new file takes the old one's place whole") {
  const Scratch scratch;
  const auto path = scratch.write("file", "old", 0644);
  FileReplacement replacement(path);
  replacement.append("new ");
  replacement.append("text");
  CHECK(scratch.read("file") == "old");
  replacement.commit();
  CHECK(scratch.read("file") == "new text");
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777) == 0600);
  CHECK(entries_in(scratch.path()) == 1);
}

TEST_CASE("a new file that does not take the place is gone") {
  const Scratch scratch;
  const auto path = scratch.write("file", "old");
  { FileReplacement(path).append("new"); }
  CHECK(scratch.read("file") == "old");
  CHECK(entries_in(scratch.path()) == 1);
}

TEST_CASE("a directory that is not there takes no file") {
  const Scratch scratch;
  CHECK_THROWS_AS(FileReplacement(scratch.path("no/file")), std::system_error);
}
