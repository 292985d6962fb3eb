// SPDX-License-Identifier: ISC
#include "credentials/users_file.hpp"

#include "scratch.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

using credentials::FileProblem;
using credentials::LineProblem;
using credentials::UsersFile;

namespace {

using BadLines = std::vector<std::pair<std::uint64_t, LineProblem>>;

credentials::OnBadLine noting(BadLines& lines) {
  return
      [&lines](std::uint64_t number, LineProblem problem) { lines.emplace_back(number, problem); };
}

UsersFile open(const std::string& path) {
  auto users = UsersFile::open(path);
  REQUIRE(users.has_value());
  return std::move(*users);
}

FileProblem refusal(const std::string& path) {
  const auto users = UsersFile::open(path);
  REQUIRE_FALSE(users.has_value());
  return users.error();
}

} // namespace

TEST_CASE("the first line of a name counts") {
  const Scratch scratch;
  const auto users = open(scratch.write("users", "# users\n\na:first\nb:x\na:second\n"));
  CHECK(users.find("a", {})->hash == "first");
  CHECK(users.find("b", {})->hash == "x");
}

TEST_CASE("a name is found whole and exactly") {
  const Scratch scratch;
  const auto users = open(scratch.write("users", "alice:1\n#bob:2\n bob:3\n"));
  for (const auto* name : {"alic", "alice:", "alice:1", "lice", "Alice", "bob", "#bob", " bob", ""})
    CHECK_FALSE_MESSAGE(users.find(name, {}), name);
}

TEST_CASE("an empty file has no users") {
  const Scratch scratch;
  const auto users = open(scratch.write("users", ""));
  CHECK_FALSE(users.find("a", {}));
  CHECK_FALSE(users.find("", {}));
}

TEST_CASE("the last line needs no line end") {
  const Scratch scratch;
  CHECK(open(scratch.write("users", "a:1\nb:2")).find("b", {})->hash == "2");
}

TEST_CASE("malformed lines are reported with their number and never log in") {
  const Scratch scratch;
  const auto users = open(scratch.write("users", "a:1:x\n# c\nnothing\n\na:2\nb:3:y\nb:4\n"));
  BadLines bad;
  CHECK(users.find("a", noting(bad))->hash == "2");
  CHECK(bad == BadLines{{1, LineProblem::bad_uid}, {3, LineProblem::no_hash}});
  bad.clear();
  CHECK(users.find("b", noting(bad))->hash == "4");
  CHECK(bad.back() == BadLines::value_type{6, LineProblem::bad_uid});
  CHECK_FALSE(users.find("nothing", {}));
}

TEST_CASE("lines of the limit are read, longer ones are skipped whole") {
  for (const std::size_t extra : {std::size_t{0}, std::size_t{1}, std::size_t{70000}}) {
    const Scratch scratch;
    const std::string start = "a:1::::::", rest(credentials::max_line - start.size() + extra, 'x');
    const auto users = open(scratch.write("users", start + rest + "\nb:2\n" + start + rest));
    BadLines bad;
    CHECK(users.find("a", noting(bad)).has_value() == (extra == 0));
    CHECK(users.find("b", {})->hash == "2");
    CHECK(bad == (extra == 0 ? BadLines{}
                             : BadLines{{1, LineProblem::too_long}, {3, LineProblem::too_long}}));
  }
}

TEST_CASE("a user is found wherever the line lies in the read buffer") {
  const Scratch scratch;
  for (std::size_t before = 65536 - 20; before <= 65536 + 5; ++before) {
    std::string text;
    while (text.size() + 8001 < before)
      text += std::string(8000, '#') + "\n";
    text += std::string(before - text.size() - 1, '#') + "\n" + "alice:hash:1000:1000\nbob:2\n";
    const auto users = open(scratch.write("users", text));
    BadLines bad;
    const auto user = users.find("alice", noting(bad));
    REQUIRE(user.has_value());
    CHECK(user->gid == 1000u);
    CHECK(users.find("bob", noting(bad))->hash == "2");
    CHECK(bad.empty());
  }
}

TEST_CASE("for_each shows the well-formed lines until it is told to stop") {
  const Scratch scratch;
  const auto users = open(scratch.write("users", "a:1\nb\nc:2\nd:3\n"));
  std::string seen;
  BadLines bad;
  users.for_each(
      [&](const credentials::User& user) {
        seen += user.name;
        return user.name != "c";
      },
      noting(bad));
  CHECK(seen == "ac");
  CHECK(bad == BadLines{{2, LineProblem::no_hash}});
}

TEST_CASE("a file that is replaced while it is open stays the old one") {
  const Scratch scratch;
  const auto users = open(scratch.write("users", "a:old\n"));
  scratch.write("new", "a:new\n");
  REQUIRE(::rename(scratch.path("new").c_str(), scratch.path("users").c_str()) == 0);
  CHECK(users.find("a", {})->hash == "old");
}

TEST_CASE("a file that its group or everybody may write is refused") {
  const Scratch scratch;
  for (const mode_t mode : {0600u, 0640u, 0644u, 0400u})
    CHECK(UsersFile::open(scratch.write("users", "a:1\n", mode)).has_value());
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
    (void)UsersFile::open(scratch.path("users"));
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
  const auto users = open(path);
  const gid_t groups[] = {5, 77};
  CHECK(users.readable_by(0, 1));
  CHECK(users.readable_by(1000, 77));
  CHECK(users.readable_by(1000, 1000, groups));
  CHECK_FALSE(users.readable_by(1000, 1000));
  REQUIRE(::chmod(path.c_str(), 0604) == 0);
  CHECK(open(path).readable_by(1000, 1000));
  CHECK_FALSE(open(path).readable_by(1000, 77));
}

TEST_CASE("whoever owns the file can read it, whatever its mode") {
  const Scratch scratch;
  const auto users = open(scratch.write("users", "a:1\n", 0400));
  CHECK(users.readable_by(::geteuid(), 12345));
  CHECK(users.facts().st_uid == ::geteuid());
}
