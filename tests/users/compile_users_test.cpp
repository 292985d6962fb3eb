// SPDX-License-Identifier: ISC
#include "users/compile_users.hpp"

#include "compiled_fixture.hpp"
#include "passwords/password_hash.hpp"

#include <random>
#include <vector>

using users::compile_users;
using users::CompileProblem;
using users::CompileReport;

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
      [&](std::uint64_t number, users::LineProblem) { bad.push_back(number); },
      [&](std::uint64_t number, std::string_view name) { duplicates.emplace_back(number, name); }};
  const auto counts = compile_users(fixture.text(), fixture.users, report);
  REQUIRE(counts.has_value());
  CHECK(counts->users == 2);
  CHECK(counts->malformed == 2);
  CHECK(counts->duplicates == 2);
  CHECK(bad == std::vector<std::uint64_t>{3, 7});
  CHECK(duplicates == decltype(duplicates){{5, "a"}, {8, "a"}});
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
  CHECK(refused.error() == CompileProblem::too_large);
  CHECK(fixture.scratch.read("users.cdb") == before);
  CHECK(entries_in(fixture.scratch.path()) == 2);
}

TEST_CASE("a users file that changes meanwhile is not compiled") {
  const CompiledFixture fixture("a:1\nbad\n");
  for (const bool is_replaced : {false, true}) {
    const CompileReport report{[&](std::uint64_t, users::LineProblem) {
                                 fixture.scratch.write(is_replaced ? "new" : "users", "a:1\nbad\n");
                                 if (is_replaced)
                                   boost::filesystem::rename(fixture.scratch.path("new"),
                                                             fixture.users);
                               },
                               {}};
    const auto refused = compile_users(fixture.text(), fixture.users, report);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error() == CompileProblem::changed);
    CHECK(entries_in(fixture.scratch.path()) == 1);
  }
}
