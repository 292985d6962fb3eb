// SPDX-License-Identifier: ISC
#include "users/user_store.hpp"

#include "compiled_fixture.hpp"
#include "passwords/password_hash.hpp"
#include "passwords/scram_verifier.hpp"
#include "support/octets_read.hpp"

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
    for (const auto* name : {"c", "nobody"}) {
      CHECK(store.find_with_decoy(name, no_more_than(64), {}).decoy == argon2(64));
      CHECK(store.find_with_decoy(name, no_more_than(63), {}).decoy == argon2(16));
      CHECK_FALSE(store.find_with_decoy(name, no_more_than(15), {}).decoy.has_value());
    }
    CHECK(store.find_with_decoy("c", no_more_than(64), {}).user->hash == argon2(16));
    CHECK_FALSE(store.find_with_decoy("nobody", no_more_than(64), {}).user.has_value());
    fixture.compile();
  }
}

TEST_CASE("both forms know the parameters of most SCRAM verifiers, whatever the name is") {
  const auto line = [](const char* name, std::uint32_t iterations, std::size_t salt) {
    const passwords::ScramVerifier verifier{iterations, std::string(salt, 's'), {}, {}};
    return std::string(name) + ":*::::::sodapop_scram=" + to_text(verifier) + ";0123456789abcdef\n";
  };
  const CompiledFixture fixture("a:*\n" + line("b", 5000, 16) + line("c", 6000, 12) +
                                line("d", 6000, 12));
  const auto expect = [&](const passwords::ScramParameters& expected) {
    const auto store = open(fixture);
    for (const auto* name : {"b", "nobody"})
      CHECK(store.find_with_scram(name, {}).most_common == expected);
    CHECK_FALSE(store.find_with_scram("nobody", {}).user.has_value());
    CHECK(store.find_with_scram("a", {}).user->name == "a");
  };
  expect({6000, 12});
  fixture.compile();
  expect({6000, 12});
  fixture.scratch.write("users", "a:*\n");
  expect({});
  fixture.compile();
  expect({});
}

TEST_CASE("the time of a look-up does not tell a name: as much is read for each") {
  std::string text;
  for (int i = 0; i < 3000; ++i)
    text += "user" + std::to_string(i) + ":" + argon2(16) + "\n";
  const CompiledFixture fixture(text);
  for (int i = 0; i < 2; ++i) {
    const auto store = open(fixture);
    const auto octets = [&](const char* name) {
      return support::octets_read([&] { (void)store.find(name, {}); }) +
             support::octets_read([&] { (void)store.find_with_scram(name, {}); }) +
             support::octets_read(
                 [&] { (void)store.find_with_decoy(name, [](auto) { return true; }, {}); });
    };
    for (const auto* name : {"user0", "user1500", "user2999", "nobody", ""}) {
      CAPTURE(name);
      CHECK(octets(name) == (i == 0 ? 3 * text.size() : 0));
    }
    fixture.compile();
  }
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
