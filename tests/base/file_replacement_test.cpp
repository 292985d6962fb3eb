// SPDX-License-Identifier: ISC
#include "base/file_replacement.hpp"

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
