// SPDX-License-Identifier: ISC
#include "users/compiled_users.hpp"

#include "compiled_fixture.hpp"

#include <chrono>
#include <fcntl.h>
#include <set>
#include <stdio.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using users::CompiledUsers;

namespace compiled_problem = users::compiled_problem;

namespace {

const std::string three = "a:1:1000:100::/home/a:/bin/sh:userdb_mail=maildir:/m\nb@x:2\nc:\n";

base::Problem problem_of(const CompiledFixture& fixture) {
  const auto users = fixture.open();
  REQUIRE_FALSE(users.has_value());
  return users.error();
}

/// A compiled form with every `from` replaced by `to`, which is as long.
std::string renamed(std::string octets, const std::string& from, const std::string& to) {
  for (auto at = octets.find(from); at != octets.npos; at = octets.find(from, at + to.size()))
    octets.replace(at, from.size(), to);
  return octets;
}

} // namespace

TEST_CASE("each name leads to its line") {
  const CompiledFixture fixture(three);
  fixture.compile();
  const auto users = fixture.open();
  REQUIRE(users.has_value());
  const auto a = users->find("a");
  REQUIRE(a.has_value());
  CHECK(a->name == "a");
  CHECK(a->hash == "1");
  CHECK(a->uid == 1000u);
  CHECK(a->gid == 100u);
  CHECK(a->home == "/home/a");
  CHECK(a->mail == "/m");
  CHECK(users->find("b@x")->hash == "2");
  CHECK(users->find("c")->hash.empty());
}

TEST_CASE("an unknown name has no line, and neither has the header's key") {
  const CompiledFixture fixture(three);
  fixture.compile();
  const auto users = fixture.open();
  for (const auto name : {"d", "", ":header", "a:1", "A", "b@", "b@xx", "../a"})
    CHECK_FALSE(users->find(name).has_value());
  CHECK_FALSE(users->find(std::string_view("a\0", 2)).has_value());
}

TEST_CASE("a file without users is compiled and has none") {
  for (const auto* text : {"", "# nobody\n", "bad\n"}) {
    const CompiledFixture fixture(text);
    CHECK(fixture.compile().users == 0);
    const auto users = fixture.open();
    REQUIRE(users.has_value());
    CHECK_FALSE(users->find("a").has_value());
  }
}

TEST_CASE("a compiled form is outdated by every change of the users file") {
  const CompiledFixture fixture(three);
  fixture.compile();
  CHECK(fixture.open().has_value());
  fixture.scratch.write("users", three + "d:4\n");
  CHECK(problem_of(fixture) == compiled_problem::outdated);
  fixture.compile();
  CHECK(fixture.open().has_value());
  const timespec times[2] = {{1, 0}, {1, 0}};
  REQUIRE(::utimensat(AT_FDCWD, fixture.users.c_str(), times, 0) == 0);
  CHECK(problem_of(fixture) == compiled_problem::outdated);
}

TEST_CASE(
    "a change that keeps size and mtime outdates a compiled form, in place and by a new file") {
  for (const std::string name : {"users", "users.new"}) {
    const CompiledFixture fixture(three);
    fixture.compile();
    struct stat before {};
    REQUIRE(::stat(fixture.users.c_str(), &before) == 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(20)); // the clock of files has ticked
    fixture.scratch.write(name, renamed(three, "b@x:2", "b@x:9"));
    const auto written = fixture.scratch.path(name);
    const timespec times[2] = {before.st_atim, before.st_mtim};
    REQUIRE(::utimensat(AT_FDCWD, written.c_str(), times, 0) == 0);
    if (written != fixture.users)
      REQUIRE(::rename(written.c_str(), fixture.users.c_str()) == 0);
    CAPTURE(name);
    CHECK(problem_of(fixture) == compiled_problem::outdated);
  }
}

TEST_CASE("a compiled form that is cut off or longer is damaged, at every length") {
  const CompiledFixture fixture(three);
  fixture.compile();
  const auto whole = fixture.scratch.read("users.cdb");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    fixture.scratch.write("users.cdb", whole.substr(0, length));
    CAPTURE(length);
    CHECK(problem_of(fixture) == compiled_problem::damaged);
  }
  fixture.scratch.write("users.cdb", whole + "x");
  CHECK(problem_of(fixture) == compiled_problem::damaged);
  fixture.scratch.write("users.cdb", whole);
  CHECK(fixture.open().has_value());
}

TEST_CASE("a constant database without our header is damaged, one of another version refused") {
  const CompiledFixture fixture(three);
  fixture.compile();
  const auto whole = fixture.scratch.read("users.cdb");
  fixture.scratch.write("users.cdb", renamed(whole, ":header", ":Header"));
  CHECK(problem_of(fixture) == compiled_problem::damaged);
  fixture.scratch.write("users.cdb", renamed(whole, "sodapop-users 2", "sodapop-users 3"));
  CHECK(problem_of(fixture) == compiled_problem::other_version);
  fixture.scratch.write("users.cdb", renamed(whole, "sodapop-users 2", "sodapop-users 1"));
  CHECK(problem_of(fixture) == compiled_problem::outdated);
  fixture.scratch.write("users.cdb", renamed(whole, "sodapop-users 2", "something else "));
  CHECK(problem_of(fixture) == compiled_problem::damaged);
  fixture.scratch.write("users.cdb", std::string(4096, '\0'));
  CHECK(problem_of(fixture) == compiled_problem::damaged);
  fixture.scratch.write("users.cdb", std::string(4096, '\xff'));
  CHECK(problem_of(fixture) == compiled_problem::damaged);
}

TEST_CASE("a line of another name lets no user in") {
  const CompiledFixture fixture(three);
  fixture.compile();
  const auto whole = fixture.scratch.read("users.cdb");
  for (const auto& change : {std::pair("b@x:2", "a@x:2"),
                             {"b@x:2", "b@x/2"},
                             {"b@x:2", "b@x\n2"},
                             {"b@x:2", "c:\nb:"}}) {
    fixture.scratch.write("users.cdb", renamed(whole, change.first, change.second));
    const auto users = fixture.open();
    REQUIRE(users.has_value());
    CAPTURE(change.second);
    CHECK_THROWS_AS((void)users->find("b@x"), std::runtime_error);
    CHECK(users->find("a").has_value());
  }
}

TEST_CASE("a compiled form that is replaced while it is open stays the old one") {
  const CompiledFixture fixture(three);
  fixture.compile();
  const auto users = fixture.open();
  fixture.scratch.write("users", "d:4\n");
  fixture.compile();
  CHECK(users->find("a")->hash == "1");
  CHECK_FALSE(users->find("d").has_value());
}

TEST_CASE("every problem has its own sentence") {
  std::set<std::string_view> sentences;
  for (const auto& problem :
       {compiled_problem::damaged, compiled_problem::other_version, compiled_problem::outdated})
    sentences.insert(description(problem));
  CHECK(sentences.size() == 3);
}
