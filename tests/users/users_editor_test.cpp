// SPDX-License-Identifier: ISC
#include "users/users_editor.hpp"

#include "support/scratch.hpp"

#include <boost/filesystem/directory.hpp>
#include <csignal>
#include <doctest/doctest.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

using users::EditRefused;
using users::UsersEditor;
using namespace std::chrono_literals;
using enum UsersEditor::WhenMissing;

namespace {

struct stat facts_of(const std::string& path) {
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return facts;
}

std::size_t entries_in(const std::string& directory) {
  return static_cast<std::size_t>(
      std::distance(boost::filesystem::directory_iterator(directory), {}));
}

const std::string untouched =
    "# Our users\r\n\n  \tindented:x\nbroken line\nb:{X}y:1:2::/b:/bin/sh:k=v "
    "userdb_mail=maildir:/m:LAYOUT=fs\n\xff\xfe\x01:\n";

} // namespace

TEST_CASE("lines are appended, before a last line without its end, which stays what it is") {
  for (const std::string before : {"", "a:1\n"})
    for (const std::string last : {"", "b:2::::::allow_nets=10.0.0.1", "# end"}) {
      const Scratch scratch;
      UsersEditor editor(scratch.write("users", before + last), fail);
      editor.append("c:3");
      editor.append("d:4");
      editor.commit();
      CHECK(scratch.read("users") == before + "c:3\nd:4\n" + last);
    }
}

TEST_CASE("a last line without its end is not changed, and not lost") {
  const Scratch scratch;
  const std::string text = "a:1\nb:2::::::k=1";
  UsersEditor editor(scratch.write("users", text), fail);
  CHECK_FALSE(editor.replace_hash("b", "n"));
  CHECK_FALSE(editor.set_extra("b", "k", "2"));
  CHECK_FALSE(editor.add_extra("b", "x"));
  CHECK(editor.contains("b"));
  editor.commit();
  CHECK(scratch.read("users") == text);
}

TEST_CASE("other lines stay as they are, byte for byte") {
  const Scratch scratch;
  const auto path = scratch.write("users", untouched + "a:old:1000:1000::/home/a:\nlast");
  {
    UsersEditor editor(path, fail);
    CHECK(editor.replace_hash("a", "new"));
    editor.commit();
  }
  CHECK(scratch.read("users") == untouched + "a:new:1000:1000::/home/a:\nlast");
  UsersEditor editor(path, fail);
  CHECK(editor.remove("a") == 1);
  editor.commit();
  CHECK(scratch.read("users") == untouched + "last");
}

TEST_CASE("the hash is replaced in the line that a login would use") {
  const Scratch scratch;
  UsersEditor editor(scratch.write("users", "a:bad:x\na:1\na:2:7:8\n"), fail);
  CHECK(editor.replace_hash("a", "n"));
  CHECK_FALSE(editor.replace_hash("b", "n"));
  editor.commit();
  CHECK(scratch.read("users") == "a:bad:x\na:n\na:2:7:8\n");
}

TEST_CASE("a hash is replaced only as long as it is the one that was seen") {
  const Scratch scratch;
  UsersEditor editor(scratch.write("users", "a:1:7:8\nb:2\n"), fail);
  CHECK_FALSE(editor.replace_hash("a", "n", "0"));
  CHECK_FALSE(editor.replace_hash("a", "n", ""));
  CHECK_FALSE(editor.replace_hash("c", "n", "1"));
  CHECK(editor.replace_hash("a", "n", "1"));
  CHECK(editor.replace_hash("b", "m", "2"));
  editor.commit();
  CHECK(scratch.read("users") == "a:n:7:8\nb:m\n");
}

TEST_CASE("words of the extra field are set, added and removed where a login would read them") {
  const Scratch scratch;
  UsersEditor editor(scratch.write("users", "a:bad:x:::::k=0\na:1::::::k=1 x\nb:1\na:2\n"), fail);
  CHECK(editor.set_extra("a", "k", "2"));
  CHECK(editor.add_extra("a", "y=3"));
  CHECK(editor.remove_extra("a", [](std::string_view word) { return word == "x"; }));
  CHECK(editor.set_extra("b", "k", "1"));
  CHECK(editor.set_extra("b", "k", std::nullopt));
  editor.commit();
  CHECK(scratch.read("users") == "a:bad:x:::::k=0\na:1::::::k=2 y=3\nb:1::::::\na:2\n");
}

TEST_CASE("words of an unknown user are neither set nor removed") {
  const Scratch scratch;
  UsersEditor editor(scratch.write("users", "a:1\n#b:1\n"), fail);
  for (const auto* name : {"", "b", "#b", "a:1"}) {
    CHECK_FALSE(editor.set_extra(name, "k", "1"));
    CHECK_FALSE(editor.add_extra(name, "k"));
    CHECK_FALSE(editor.remove_extra(name, [](std::string_view) { return true; }));
  }
  CHECK_FALSE(editor.remove_extra("a", [](std::string_view) { return true; }));
}

TEST_CASE("a value that would not read back as it was given is refused, and nothing changes") {
  const Scratch scratch;
  const std::string text = "a:1::::::k=1\n";
  UsersEditor editor(scratch.write("users", text), fail);
  for (const auto* hash : {"", "a:b", "a\nroot:1", "a\r"})
    CHECK_THROWS_AS(editor.replace_hash("a", hash), EditRefused);
  CHECK_THROWS_AS(editor.replace_hash("a", "x:0:0", "1"), EditRefused);
  for (const auto* word : {"", "a b", "a\tb", "a\nb", "a\x01", "sodapop_unknown=1"})
    CHECK_THROWS_AS(editor.add_extra("a", word), EditRefused);
  for (const auto* value : {"a b", "a\nb:1:0:0", "a\x7f"})
    CHECK_THROWS_AS(editor.set_extra("a", "k", value), EditRefused);
  for (const auto* key : {"", "a=b", "a b"})
    CHECK_THROWS_AS(editor.set_extra("a", key, "1"), EditRefused);
  CHECK_THROWS_AS(editor.set_extra("a", "sodapop_read_only", "perhaps"), EditRefused);
  editor.commit();
  CHECK(scratch.read("users") == text);
}

TEST_CASE("a line may grow to the limit and no further") {
  const Scratch scratch;
  const std::string before = "a:1::::::";
  const std::string fits(users::max_line - before.size(), 'x');
  for (const auto& other : {fits.substr(1), fits}) {
    UsersEditor editor(scratch.write("users", before + "\n"), fail);
    CHECK(editor.add_extra("a", other));
    editor.commit();
    CHECK(scratch.read("users") == before + other + "\n");
  }
  UsersEditor editor(scratch.write("users", before + "\n"), fail);
  CHECK_THROWS_AS(editor.add_extra("a", fits + "x"), EditRefused);
  CHECK(editor.add_extra("a", "fits"));
}

TEST_CASE("many lines are rewritten at once") {
  const Scratch scratch;
  UsersEditor editor(scratch.write("users", "a:1\n#b:2\nc:3\nno colon\n:4\nd:5"), fail);
  editor.rewrite([](std::string_view name, std::string_view line, bool has_end) {
    CHECK(has_end == (name != "d"));
    if (name == "a")
      return std::optional(std::string());
    return name == "d" ? std::optional(std::string(line) + ":6") : std::nullopt;
  });
  editor.commit();
  CHECK(scratch.read("users") == "#b:2\nc:3\nno colon\n:4\nd:5:6\n");
}

TEST_CASE("a user is removed from every line, so that no second one comes into force") {
  const Scratch scratch;
  UsersEditor editor(scratch.write("users", "a:1\nb:2\na:bad:x\n#a:3\naa:4\na"), fail);
  CHECK(editor.remove("a") == 2);
  CHECK(editor.remove("#a") == 0);
  CHECK(editor.remove("b:2") == 0);
  editor.commit();
  CHECK(scratch.read("users") == "b:2\n#a:3\naa:4\na");
}

TEST_CASE("a name counts as taken even where its line is malformed") {
  const Scratch scratch;
  const UsersEditor editor(scratch.write("users", "a:1:x\n#b:1\ncc:1\n"), fail);
  CHECK(editor.contains("a"));
  for (const auto* name : {"b", "c", "#b", ""})
    CHECK_FALSE(editor.contains(name));
}

TEST_CASE("nothing changes on disk without commit") {
  const Scratch scratch;
  {
    UsersEditor editor(scratch.write("users", "a:1\n"), fail);
    editor.append("b:2");
  }
  CHECK(scratch.read("users") == "a:1\n");
  CHECK(entries_in(scratch.path()) == 1);
}

TEST_CASE("the new file has the old one's mode, and no other file is left over") {
  const Scratch scratch;
  for (const mode_t mode : {0600u, 0640u, 0444u, 0400u}) {
    const auto path = scratch.write("users", "a:1\n");
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    UsersEditor editor(path, fail);
    editor.append("b:2");
    editor.commit();
    CHECK((facts_of(path).st_mode & 07777) == mode);
    CHECK(entries_in(scratch.path()) == 1);
  }
}

TEST_CASE("the new file has the old one's owner and group" * doctest::skip(::geteuid() != 0)) {
  const Scratch scratch;
  const auto path = scratch.write("users", "a:1\n", 0640);
  REQUIRE(::chown(path.c_str(), 0, 77) == 0);
  UsersEditor editor(path, fail);
  editor.append("b:2");
  editor.commit();
  CHECK(facts_of(path).st_uid == 0);
  CHECK(facts_of(path).st_gid == 77);
  CHECK((facts_of(path).st_mode & 07777) == 0640);
}

TEST_CASE("a missing file is made for its owner alone, or not at all") {
  const Scratch scratch;
  CHECK_THROWS_AS(UsersEditor(scratch.path("users"), fail), std::system_error);
  CHECK(entries_in(scratch.path()) == 0);
  UsersEditor editor(scratch.path("users"), create);
  editor.append("a:1");
  editor.commit();
  CHECK(scratch.read("users") == "a:1\n");
  CHECK((facts_of(scratch.path("users")).st_mode & 07777) == 0600);
}

TEST_CASE("a file that the server would refuse is not edited") {
  const Scratch scratch;
  CHECK_THROWS_AS(UsersEditor(scratch.write("users", "a:1\n", 0620), fail), EditRefused);
  REQUIRE(::symlink(scratch.write("x", "").c_str(), scratch.path("link").c_str()) == 0);
  CHECK_THROWS_AS(UsersEditor(scratch.path("link"), create), std::system_error);
  CHECK_THROWS_AS(UsersEditor(scratch.path(), fail), EditRefused);
}

TEST_CASE("a second editor waits, and gives up in the end") {
  const Scratch scratch;
  const auto path = scratch.write("users", "a:1\n");
  const UsersEditor first(path, fail);
  const auto start = std::chrono::steady_clock::now();
  CHECK_THROWS_AS(UsersEditor(path, fail, 50ms), EditRefused);
  CHECK(std::chrono::steady_clock::now() - start >= 50ms);
}

TEST_CASE("after a commit the next editor sees the new file") {
  const Scratch scratch;
  const auto path = scratch.write("users", "");
  UsersEditor first(path, fail);
  first.append("a:1");
  first.commit();
  // The first editor still has its lock, but on a file without a name.
  UsersEditor second(path, fail, 50ms);
  CHECK(second.contains("a"));
}

TEST_CASE("editors at the same time lose none of their changes") {
  const Scratch scratch;
  const auto path = scratch.path("users");
  constexpr int editors = 4, rounds = 15;
  std::vector<pid_t> children;
  for (int i = 0; i < editors; ++i) {
    const auto child = ::fork();
    if (child == 0) {
      for (int j = 0; j < rounds; ++j) {
        UsersEditor editor(path, create);
        editor.append("user" + std::to_string(i) + "-" + std::to_string(j) + ":x");
        editor.commit();
      }
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const auto child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  const UsersEditor editor(path, fail);
  for (int i = 0; i < editors; ++i)
    for (int j = 0; j < rounds; ++j)
      CHECK(editor.contains("user" + std::to_string(i) + "-" + std::to_string(j)));
  CHECK(entries_in(scratch.path()) == 1);
}

TEST_CASE("an editor that is killed leaves neither a lock nor half a file") {
  const Scratch scratch;
  const auto path = scratch.write("users", "a:1\n");
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const auto child = ::fork();
  if (child == 0) {
    UsersEditor editor(path, fail);
    editor.append("b:2");
    (void)!::write(ends[1], "!", 1);
    ::pause();
  }
  char mark;
  REQUIRE(::read(ends[0], &mark, 1) == 1);
  CHECK_THROWS_AS(UsersEditor(path, fail, 0ms), EditRefused);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK_NOTHROW(UsersEditor(path, fail, 0ms));
  CHECK(scratch.read("users") == "a:1\n");
}

TEST_CASE("a directory that takes no new file leaves the old one as it was" *
          doctest::skip(::geteuid() == 0)) {
  const Scratch scratch;
  const auto path = scratch.write("users", "a:1\n");
  UsersEditor editor(path, fail);
  editor.append("b:2");
  REQUIRE(::chmod(scratch.path().c_str(), 0500) == 0);
  CHECK_THROWS_AS(editor.commit(), std::system_error);
  REQUIRE(::chmod(scratch.path().c_str(), 0700) == 0);
  CHECK(scratch.read("users") == "a:1\n");
}
