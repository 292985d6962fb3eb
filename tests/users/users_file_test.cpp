// SPDX-License-Identifier: ISC
#include "users/users_file.hpp"

#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

using base::FileProblem;
using users::UsersFile;

namespace line_problem = users::line_problem;

namespace {

using BadLines = std::vector<std::pair<std::uint64_t, base::Problem>>;

users::OnBadLine noting(BadLines& lines) {
  return [&lines](std::uint64_t number, base::Problem problem) {
    lines.emplace_back(number, problem);
  };
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

TEST_CASE("the lines after the user are read as well") {
  const Scratch scratch;
  const auto users = open(scratch.write("users", "a:1\nb:2\nnothing\n"));
  for (const auto* name : {"a", "c"}) {
    BadLines bad;
    CHECK(users.find(name, noting(bad)).has_value() == (*name == 'a'));
    CHECK(bad == BadLines{{3, line_problem::no_hash}});
  }
}

TEST_CASE("an empty file has no users") {
  const Scratch scratch;
  const auto users = open(scratch.write("users", ""));
  CHECK_FALSE(users.find("a", {}));
  CHECK_FALSE(users.find("", {}));
}

TEST_CASE("a last line without its line end is no line, wherever it was cut off") {
  const Scratch scratch;
  const std::string whole = "a:1\nb:2::::::allow_nets=10.0.0.1 sodapop_read_only=yes";
  for (auto size = whole.find("b:") + 1; size <= whole.size(); ++size) {
    const auto users = open(scratch.write("users", whole.substr(0, size)));
    BadLines bad;
    CHECK_FALSE(users.find("b", noting(bad)));
    CHECK(bad == BadLines{{2, line_problem::no_line_end}});
    bad.clear();
    users.for_each([](const users::User& user, auto, auto) { return user.name == "a"; },
                   noting(bad));
    CHECK(bad == BadLines{{2, line_problem::no_line_end}});
  }
  CHECK(open(scratch.write("users", whole + "\n")).find("b", {})->rights.read_only);
}

TEST_CASE("a comment needs no line end") {
  const Scratch scratch;
  for (const std::string end : {"#b:2", " \t", ""}) {
    BadLines bad;
    CHECK_FALSE(open(scratch.write("users", "a:1\n" + end)).find("b", noting(bad)));
    CHECK(bad.empty());
  }
}

TEST_CASE("malformed lines are reported with their number and never log in") {
  const Scratch scratch;
  const auto users = open(scratch.write("users", "a:1:x\n# c\nnothing\n\na:2\nb:3:y\nb:4\n"));
  BadLines bad;
  CHECK(users.find("a", noting(bad))->hash == "2");
  CHECK(bad == BadLines{{1, line_problem::bad_uid},
                        {3, line_problem::no_hash},
                        {6, line_problem::bad_uid}});
  bad.clear();
  CHECK(users.find("b", noting(bad))->hash == "4");
  CHECK(bad.back() == BadLines::value_type{6, line_problem::bad_uid});
  CHECK_FALSE(users.find("nothing", {}));
}

TEST_CASE("lines of the limit are read, longer ones are skipped whole") {
  for (const std::size_t extra : {std::size_t{0}, std::size_t{1}, std::size_t{70000}}) {
    const Scratch scratch;
    const std::string start = "a:1::::::", rest(users::max_line - start.size() + extra, 'x');
    const auto users = open(scratch.write("users", start + rest + "\nb:2\n" + start + rest + "\n"));
    BadLines bad;
    CHECK(users.find("a", noting(bad)).has_value() == (extra == 0));
    CHECK(users.find("b", {})->hash == "2");
    CHECK(bad == (extra == 0 ? BadLines{}
                             : BadLines{{1, line_problem::too_long}, {3, line_problem::too_long}}));
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
      [&](const users::User& user, auto, auto) {
        seen += user.name;
        return user.name != "c";
      },
      noting(bad));
  CHECK(seen == "ac");
  CHECK(bad == BadLines{{2, line_problem::no_hash}});
}

TEST_CASE("a file that is replaced while it is open stays the old one") {
  const Scratch scratch;
  const auto users = open(scratch.write("users", "a:old\n"));
  scratch.write("new", "a:new\n");
  REQUIRE(::rename(scratch.path("new").c_str(), scratch.path("users").c_str()) == 0);
  CHECK(users.find("a", {})->hash == "old");
}

TEST_CASE("a file that is refused is not read") {
  const Scratch scratch;
  CHECK(refusal(scratch.write("users", "a:1\n", 0620)) == FileProblem::writable_by_others);
  CHECK(refusal(scratch.path()) == FileProblem::not_regular);
}

TEST_CASE("lines are shown with their numbers, octet by octet") {
  const Scratch scratch;
  const auto users =
      open(scratch.write("users", "# x\nbad\n a: 1 ::\n\na:2:3:4::/h::k=v  w \nb:3\n"));
  std::vector<std::pair<std::uint64_t, std::string>> seen;
  BadLines bad;
  users.for_each(
      [&](const users::User& user, std::uint64_t number, std::string_view line) {
        CHECK(line.starts_with(user.name + ":" + user.hash));
        seen.emplace_back(number, line);
        return true;
      },
      noting(bad));
  CHECK(seen == decltype(seen){{5, "a:2:3:4::/h::k=v  w "}, {6, "b:3"}});
  CHECK(bad == BadLines{{2, line_problem::no_hash}, {3, line_problem::bad_name}});
}
