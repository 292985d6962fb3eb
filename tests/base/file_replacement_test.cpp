// SPDX-License-Identifier: ISC
#include "base/file_replacement.hpp"

#include "support/access_list.hpp"
#include "support/child.hpp"
#include "support/scratch.hpp"

#include <boost/filesystem/directory.hpp>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <system_error>

using base::FileReplacement;

namespace {

std::ptrdiff_t entries_in(const std::string& directory) {
  return std::distance(boost::filesystem::directory_iterator(directory), {});
}

/// Whether the directory's file system can hold files without a name.
bool holds_unnamed_files(const std::string& directory) {
  const base::UniqueFd fd(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  return static_cast<bool>(fd);
}

/// Replaces a handler of doctest's.
void end_by(int signal) {
  ::signal(signal, SIG_DFL);
}

/// Writes half of the new content and is interrupted then by `signal`.
int begin_and_be_interrupted(const std::string& path, int signal) {
  end_by(signal);
  FileReplacement replacement(path);
  replacement.append("secret");
  ::raise(signal);
  return 0;
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

TEST_CASE("where the old file has to stay, the first new one does") {
  const Scratch scratch;
  FileReplacement first(scratch.path("file")), second(scratch.path("file"));
  first.append("first");
  second.append("second");
  first.commit_if_missing();
  second.commit_if_missing();
  CHECK(scratch.read("file") == "first");
}

TEST_CASE("where no old file is replaced, the new one never has a second name") {
  const Scratch scratch;
  if (!holds_unnamed_files(scratch.path()))
    return support::skipped("the file system of /tmp has no files without a name");
  FileReplacement replacement(scratch.path("file"));
  replacement.append("new");
  replacement.commit_if_missing();
  CHECK(scratch.read("file") == "new");
  struct stat facts {};
  REQUIRE(::fstat(replacement.fd(), &facts) == 0);
  CHECK(facts.st_nlink == 1);
}

TEST_CASE("a directory that is not there takes no file") {
  const Scratch scratch;
  CHECK_THROWS_AS(FileReplacement(scratch.path("no/file")), std::system_error);
}

TEST_CASE("whatever ends the process before the commit, no copy is left") {
  const Scratch scratch;
  const auto path = scratch.write("file", "old");
  if (!holds_unnamed_files(scratch.path()))
    return support::skipped("the file system of /tmp has no files without a name");
  for (const int signal : {SIGINT, SIGKILL}) {
    support::Child child([&] { return begin_and_be_interrupted(path, signal); });
    CHECK(WTERMSIG(child.wait()) == signal);
    CHECK(scratch.read("file") == "old");
    CHECK(entries_in(scratch.path()) == 1);
  }
}

TEST_CASE("without /proc the new file has a name, and a signal waits until it is gone") {
  if (getuid() != 0)
    return support::skipped("only root can change the root directory");
  const Scratch scratch;
  scratch.write("file", "old");
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    support::Child child([&] {
      return chroot(scratch.path().c_str()) == 0 ? begin_and_be_interrupted("/file", signal)
                                                 : support::not_prepared;
    });
    CHECK(WTERMSIG(child.wait()) == signal);
    CHECK(entries_in(scratch.path()) == 1);
  }
  support::Child child([&] {
    if (chroot(scratch.path().c_str()) != 0)
      return support::not_prepared;
    FileReplacement replacement("/file");
    replacement.append("new");
    replacement.commit();
    return 0;
  });
  CHECK(child.exit_status() == 0);
  CHECK(scratch.read("file") == "new");
  CHECK(entries_in(scratch.path()) == 1);
}

TEST_CASE("signals are no longer held when the new file has its place") {
  const Scratch scratch;
  const auto path = scratch.write("file", "old");
  support::Child child([&] {
    end_by(SIGINT);
    FileReplacement(path).commit();
    ::raise(SIGINT);
    return 0;
  });
  CHECK(WTERMSIG(child.wait()) == SIGINT);
}

namespace {

/// Replaces the file `path` by one with its attributes.
void replace_with_attributes(const std::string& path) {
  const base::UniqueFd old(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  FileReplacement replacement(path);
  replacement.append("new");
  replacement.copy_attributes(old.get());
  replacement.commit();
}

/// The value of the file's attribute; empty without it.
std::string attribute_at(const std::string& path, const char* name) {
  const base::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return base::attribute_of(fd.get(), name).value_or("");
}

mode_t mode_of(const std::string& path) {
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 07777;
}

} // namespace

TEST_CASE("a new file has the old one's mode and extended attributes") {
  const Scratch scratch;
  const auto path = scratch.write("file", "old", 0640);
  if (!support::set_list(path, "remark", "user.note"))
    return support::skipped("the file system has no extended attributes");
  REQUIRE(support::set_list(path, "", "user.empty"));
  replace_with_attributes(path);
  CHECK(scratch.read("file") == "new");
  CHECK(mode_of(path) == 0640);
  CHECK(attribute_at(path, "user.note") == "remark");
  const base::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  CHECK(base::attribute_of(fd.get(), "user.empty") == "");
  CHECK_FALSE(base::attribute_of(fd.get(), "user.other"));
}

TEST_CASE("a new file has the old one's access control list, and no other one") {
  const Scratch scratch;
  const auto path = scratch.write("file", "old", 0600);
  const auto list = support::list_for(12345);
  if (!support::set_list(path, list))
    return support::skipped("the file system has no access control lists");
  replace_with_attributes(path);
  CHECK(attribute_at(path, base::access_list_attribute) == list);
  CHECK(mode_of(path) == 0640); // the group's bits are the mask
  // New files of this directory get a list of their own.
  REQUIRE(support::set_list(scratch.path(), list, "system.posix_acl_default"));
  REQUIRE(::removexattr(path.c_str(), base::access_list_attribute) == 0);
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  replace_with_attributes(path);
  CHECK(attribute_at(path, base::access_list_attribute).empty());
  CHECK(mode_of(path) == 0640);
}
