// SPDX-License-Identifier: ISC
#include "users/compile_users.hpp"

#include "compiled_fixture.hpp"
#include "passwords/password_hash.hpp"

#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/operations.hpp>
#include <csignal>
#include <malloc.h>
#include <random>
#include <sys/resource.h>
#include <system_error>
#include <vector>

using users::compile_users;
using users::CompileReport;

namespace compile_problem = users::compile_problem;

namespace {

std::ptrdiff_t entries_in(const std::string& directory) {
  return std::distance(boost::filesystem::directory_iterator(directory), {});
}

struct stat facts_of(const std::string& path) {
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return facts;
}

} // namespace

TEST_CASE("a line that does not count is reported with its number, and counted") {
  const CompiledFixture fixture("# x\na:1\nbad\nb:2\na:3\n\nc:x:y\na:4\n");
  std::vector<std::uint64_t> bad;
  std::vector<std::pair<std::uint64_t, std::string>> duplicates;
  const CompileReport report{
      [&](std::uint64_t number, base::Problem) { bad.push_back(number); },
      [&](std::uint64_t number, std::string_view name) { duplicates.emplace_back(number, name); }};
  const auto counts = compile_users(fixture.text(), fixture.users, report);
  REQUIRE(counts.has_value());
  CHECK(counts->users == 2);
  CHECK(counts->malformed == 2);
  CHECK(counts->duplicates == 2);
  CHECK(bad == std::vector<std::uint64_t>{3, 7});
  CHECK(duplicates == decltype(duplicates){{5, "a"}, {8, "a"}});
}

TEST_CASE("the first line of a name is the one that is written") {
  const CompiledFixture fixture("a:1\nb:2\na:3\n");
  CHECK(fixture.compile().duplicates == 1);
  const auto users = fixture.open();
  CHECK(users->find("a")->hash == "1");
  CHECK(users->find("b")->hash == "2");
}

TEST_CASE("a compiled form is full at its limit and not before") {
  constexpr std::uint64_t empty = 2048 + 8 + 7 + users::max_header + 16;
  constexpr std::uint64_t record = 8 + 1 + 3 + 16;
  for (const auto& [most, fits] :
       {std::pair(empty + 2 * record - 1, false), {empty + 2 * record, true}}) {
    const CompiledFixture fixture("a:1\nb:1\nb:2\n");
    const auto counts = compile_users(fixture.text(), fixture.users, {}, most);
    REQUIRE(counts.has_value() == fits);
    if (fits)
      CHECK(static_cast<std::uint64_t>(facts_of(fixture.compiled).st_size) <= most);
    else
      CHECK(counts.error() == compile_problem::too_large);
  }
}

TEST_CASE("a compilation that is given up leaves no memory behind") {
  const CompiledFixture fixture("a:1\n");
  const auto file = fixture.text();
  const auto give_up = [&] { CHECK_FALSE(compile_users(file, fixture.users, {}, 2048)); };
  give_up(); // what stays after the first time need not be freed
  // Nothing is counted with a sanitizer, which finds what is left by itself.
  const auto before = mallinfo2().uordblks;
  for (int i = 0; i < 50; ++i)
    give_up();
  CHECK(mallinfo2().uordblks < before + 50 * 256);
}

TEST_CASE("a disk that takes no more is a failure of the system, and nothing is left of it") {
  std::string text;
  for (int i = 0; i < 1000; ++i)
    text += "user" + std::to_string(i) + ":1\n";
  const CompiledFixture fixture(text);
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &limit) == 0);
  const auto usual = std::exchange(limit.rlim_cur, 8192);
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  CHECK_THROWS_AS((void)compile_users(fixture.text(), fixture.users, {}), std::system_error);
  limit.rlim_cur = usual;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  ::signal(SIGXFSZ, handler);
  CHECK(entries_in(fixture.scratch.path()) == 1);
}

TEST_CASE("a malformed line does not hide the good one behind it") {
  const CompiledFixture fixture("a:1:x\na:2\n");
  fixture.compile();
  CHECK(fixture.open()->find("a")->hash == "2");
}

TEST_CASE("text and compiled form say the same of every name") {
  std::mt19937 random(4);
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    text += "user" + std::to_string(random() % 2000) + ":" + std::to_string(i);
    text += random() % 10 == 0 ? ":bad\n" : ":1000:1000\n";
  }
  const CompiledFixture fixture(text);
  fixture.compile();
  const auto users = fixture.open();
  const auto file = fixture.text();
  for (int i = 0; i < 2000; ++i) {
    const auto name = "user" + std::to_string(i);
    const auto expected = file.find(name, {});
    const auto found = users->find(name);
    REQUIRE(found.has_value() == expected.has_value());
    if (found)
      CHECK(found->hash == expected->hash);
  }
}

TEST_CASE("the header knows what the site's hashes cost") {
  const auto hash = passwords::decoy(passwords::least_cost);
  const CompiledFixture fixture("a:*\nb:" + hash + "\n");
  fixture.compile();
  CHECK(fixture.open()->header().decoys == std::vector<std::string>{hash});
}

TEST_CASE("the compiled form has the owner, group and mode of the users file") {
  for (const mode_t mode : {0600u, 0640u, 0400u}) {
    const CompiledFixture fixture("a:1\n", mode);
    if (::geteuid() == 0)
      REQUIRE(::chown(fixture.users.c_str(), 0, 77) == 0);
    fixture.compile();
    CHECK((facts_of(fixture.compiled).st_mode & 07777) == mode);
    CHECK(facts_of(fixture.compiled).st_uid == facts_of(fixture.users).st_uid);
    CHECK(facts_of(fixture.compiled).st_gid == facts_of(fixture.users).st_gid);
    CHECK(entries_in(fixture.scratch.path()) == 2);
  }
}

TEST_CASE("a refused compilation leaves the old compiled form in its place") {
  const CompiledFixture fixture("a:1\n");
  fixture.compile();
  const auto before = fixture.scratch.read("users.cdb");
  const auto refused = compile_users(fixture.text(), fixture.users, {}, 2048);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error() == compile_problem::too_large);
  CHECK(fixture.scratch.read("users.cdb") == before);
  CHECK(entries_in(fixture.scratch.path()) == 2);
}

TEST_CASE("a users file that changes meanwhile is not compiled") {
  const CompiledFixture fixture("a:1\nbad\n");
  for (const bool is_replaced : {false, true}) {
    const CompileReport report{[&](std::uint64_t, base::Problem) {
                                 fixture.scratch.write(is_replaced ? "new" : "users", "a:1\nbad\n");
                                 if (is_replaced)
                                   boost::filesystem::rename(fixture.scratch.path("new"),
                                                             fixture.users);
                               },
                               {}};
    const auto refused = compile_users(fixture.text(), fixture.users, report);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error() == compile_problem::changed);
    CHECK(entries_in(fixture.scratch.path()) == 1);
  }
}
