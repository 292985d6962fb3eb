// SPDX-License-Identifier: ISC
#include "users/user_store.hpp"

#include "compiled_fixture.hpp"
#include "passwords/password_hash.hpp"
#include "passwords/scram_verifier.hpp"

#include <system_error>
#include <unistd.h>

using users::UserStore;

namespace {

UserStore open(const CompiledFixture& fixture) {
  auto store = UserStore::open(fixture.users);
  REQUIRE(store.has_value());
  return std::move(*store);
}

std::string argon2(unsigned kibibytes) {
  return passwords::decoy({std::uint64_t{kibibytes} << 10, 1});
}

} // namespace

TEST_CASE("without a compiled form the users file answers, with its bad lines") {
  const CompiledFixture fixture("bad\na:1\n");
  const auto store = open(fixture);
  CHECK_FALSE(store.is_compiled());
  CHECK_FALSE(store.is_outdated());
  unsigned bad = 0;
  CHECK(store.find("a", [&](std::uint64_t, base::Problem) { ++bad; })->hash == "1");
  CHECK(bad == 1);
  CHECK_FALSE(store.find("b", {}).has_value());
}

TEST_CASE("a compiled form that is current answers alone") {
  const CompiledFixture fixture("bad\na:1\n");
  fixture.compile();
  const auto store = open(fixture);
  CHECK(store.is_compiled());
  unsigned bad = 0;
  CHECK(store.find("a", [&](std::uint64_t, base::Problem) { ++bad; })->hash == "1");
  CHECK(bad == 0);
}

TEST_CASE("a compiled form that is outdated is left aside") {
  const CompiledFixture fixture("a:1\n");
  fixture.compile();
  fixture.scratch.write("users", "a:22\n");
  const auto store = open(fixture);
  CHECK_FALSE(store.is_compiled());
  CHECK(store.is_outdated());
  CHECK(store.find("a", {})->hash == "22");
}

TEST_CASE("a compiled form with any other problem is refused, not passed over") {
  const CompiledFixture fixture("a:1\n");
  fixture.scratch.write("users.cdb", "");
  const auto damaged = UserStore::open(fixture.users);
  REQUIRE_FALSE(damaged.has_value());
  CHECK(damaged.error().is_compiled);
  CHECK(damaged.error().reason == "compiled-users-refused");
  CHECK(damaged.error().sentence == description(users::compiled_problem::damaged));
  REQUIRE(::unlink(fixture.compiled.c_str()) == 0);
  REQUIRE(::symlink("nowhere", fixture.compiled.c_str()) == 0);
  CHECK_FALSE(UserStore::open(fixture.users).has_value());
}

TEST_CASE("a compiled form that others could have written is refused") {
  const CompiledFixture fixture("a:1\n");
  const auto expect = [&](base::FileProblem problem) {
    const auto store = UserStore::open(fixture.users);
    REQUIRE_FALSE(store.has_value());
    CHECK(store.error().is_compiled);
    CHECK(store.error().reason == "compiled-users-refused");
    CHECK(store.error().sentence == description(problem));
  };
  fixture.compile();
  for (const mode_t mode : {0620u, 0602u}) {
    REQUIRE(::chmod(fixture.compiled.c_str(), mode) == 0);
    expect(base::FileProblem::writable_by_others);
  }
  REQUIRE(::chmod(fixture.compiled.c_str(), 0600) == 0);
  if (::geteuid() == 0) {
    REQUIRE(::chown(fixture.compiled.c_str(), 12345, 12345) == 0);
    expect(base::FileProblem::foreign_owner);
    REQUIRE(::chown(fixture.compiled.c_str(), 0, 0) == 0);
  } else {
    MESSAGE("only root can give the compiled form to another owner");
  }
  CHECK(UserStore::open(fixture.users).has_value());
  REQUIRE(::rename(fixture.compiled.c_str(), fixture.scratch.path("there").c_str()) == 0);
  REQUIRE(::symlink("there", fixture.compiled.c_str()) == 0);
  expect(base::FileProblem::not_regular);
}

TEST_CASE("a users file that is refused or missing has no store") {
  const CompiledFixture fixture("a:1\n", 0620);
  const auto refused = UserStore::open(fixture.users);
  REQUIRE_FALSE(refused.has_value());
  CHECK_FALSE(refused.error().is_compiled);
  CHECK(refused.error().reason == "users-file-refused");
  CHECK_THROWS_AS((void)UserStore::open(fixture.scratch.path("none")), std::system_error);
}

TEST_CASE("both forms have the same decoy for a login of an unknown user") {
  const CompiledFixture fixture("a:*\nb:" + argon2(64) + "\nc:" + argon2(16) + "\nd:{PLAIN}x\n");
  const auto no_more_than = [](std::uint64_t kibibytes) {
    return [=](std::string_view hash) {
      const auto cost = passwords::cost_of(hash);
      return cost && cost->memory <= kibibytes << 10;
    };
  };
  for (int i = 0; i < 2; ++i) {
    const auto store = open(fixture);
    CHECK(store.is_compiled() == (i == 1));
    CHECK(store.decoy(no_more_than(64)) == argon2(64));
    CHECK(store.decoy(no_more_than(63)) == argon2(16));
    CHECK_FALSE(store.decoy(no_more_than(15)).has_value());
    fixture.compile();
  }
}

TEST_CASE("both forms know the iterations of the first SCRAM verifier") {
  const auto scram = to_text(passwords::ScramVerifier{5000, "0123456789abcdef", {}, {}});
  const CompiledFixture fixture("a:*\nb:*::::::sodapop_scram=" + scram + ";0123456789abcdef\n");
  CHECK(open(fixture).scram_iterations() == 5000);
  fixture.compile();
  CHECK(open(fixture).scram_iterations() == 5000);
  fixture.scratch.write("users", "a:*\n");
  CHECK(open(fixture).scram_iterations() == 0);
  fixture.compile();
  CHECK(open(fixture).scram_iterations() == 0);
}

TEST_CASE("an account that can read either form can read the store" *
          doctest::skip(::geteuid() != 0)) {
  const CompiledFixture fixture("a:1\n");
  fixture.compile();
  CHECK_FALSE(open(fixture).readable_by(1000, 1000));
  REQUIRE(::chmod(fixture.compiled.c_str(), 0604) == 0);
  CHECK(open(fixture).readable_by(1000, 1000));
  REQUIRE(::chmod(fixture.compiled.c_str(), 0600) == 0);
  REQUIRE(::chmod(fixture.users.c_str(), 0604) == 0);
  CHECK(open(fixture).readable_by(1000, 1000));
}
