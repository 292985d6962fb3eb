// SPDX-License-Identifier: ISC
#include "users/user_store.hpp"

#include "compiled_scene.hpp"
#include "passwords/password_hash.hpp"
#include "passwords/scram_verifier.hpp"

#include <system_error>
#include <unistd.h>

using users::UserStore;

namespace {

UserStore open(const CompiledScene& scene) {
  auto store = UserStore::open(scene.users);
  REQUIRE(store.has_value());
  return std::move(*store);
}

std::string argon2(unsigned kibibytes) {
  return passwords::decoy({std::uint64_t{kibibytes} << 10, 1});
}

} // namespace

TEST_CASE("without a compiled form the users file answers, with its bad lines") {
  const CompiledScene scene("bad\na:1\n");
  const auto store = open(scene);
  CHECK_FALSE(store.is_compiled());
  CHECK_FALSE(store.is_outdated());
  unsigned bad = 0;
  CHECK(store.find("a", [&](std::uint64_t, users::LineProblem) { ++bad; })->hash == "1");
  CHECK(bad == 1);
  CHECK_FALSE(store.find("b", {}).has_value());
}

TEST_CASE("a compiled form that is current answers alone") {
  const CompiledScene scene("bad\na:1\n");
  scene.compile();
  const auto store = open(scene);
  CHECK(store.is_compiled());
  unsigned bad = 0;
  CHECK(store.find("a", [&](std::uint64_t, users::LineProblem) { ++bad; })->hash == "1");
  CHECK(bad == 0);
}

TEST_CASE("a compiled form that is outdated is left aside") {
  const CompiledScene scene("a:1\n");
  scene.compile();
  scene.scratch.write("users", "a:22\n");
  const auto store = open(scene);
  CHECK_FALSE(store.is_compiled());
  CHECK(store.is_outdated());
  CHECK(store.find("a", {})->hash == "22");
}

TEST_CASE("a compiled form with any other problem is refused, not passed over") {
  const CompiledScene scene("a:1\n");
  scene.scratch.write("users.cdb", "");
  const auto damaged = UserStore::open(scene.users);
  REQUIRE_FALSE(damaged.has_value());
  CHECK(damaged.error().is_compiled);
  CHECK(damaged.error().reason == "compiled-users-refused");
  CHECK(damaged.error().sentence == sentence(users::CompiledProblem::damaged));
  REQUIRE(::unlink(scene.compiled.c_str()) == 0);
  REQUIRE(::symlink("nowhere", scene.compiled.c_str()) == 0);
  CHECK_FALSE(UserStore::open(scene.users).has_value());
}

TEST_CASE("a users file that is refused or missing has no store") {
  const CompiledScene scene("a:1\n", 0620);
  const auto refused = UserStore::open(scene.users);
  REQUIRE_FALSE(refused.has_value());
  CHECK_FALSE(refused.error().is_compiled);
  CHECK(refused.error().reason == "users-file-refused");
  CHECK_THROWS_AS((void)UserStore::open(scene.scratch.path("none")), std::system_error);
}

TEST_CASE("both forms have the same decoy for a login of nobody") {
  const CompiledScene scene("a:*\nb:" + argon2(64) + "\nc:" + argon2(16) + "\nd:{PLAIN}x\n");
  const auto no_more_than = [](std::uint64_t kibibytes) {
    return [=](std::string_view hash) {
      const auto cost = passwords::cost_of(hash);
      return cost && cost->memory <= kibibytes << 10;
    };
  };
  for (int i = 0; i < 2; ++i) {
    const auto store = open(scene);
    CHECK(store.is_compiled() == (i == 1));
    CHECK(store.decoy(no_more_than(64)) == argon2(64));
    CHECK(store.decoy(no_more_than(63)) == argon2(16));
    CHECK_FALSE(store.decoy(no_more_than(15)).has_value());
    scene.compile();
  }
}

TEST_CASE("both forms know the iterations of the first SCRAM verifier") {
  const auto scram = to_text(passwords::ScramVerifier{5000, "0123456789abcdef", {}, {}});
  const CompiledScene scene("a:*\nb:*::::::sodapop_scram=" + scram + ";0123456789abcdef\n");
  CHECK(open(scene).scram_iterations() == 5000);
  scene.compile();
  CHECK(open(scene).scram_iterations() == 5000);
  scene.scratch.write("users", "a:*\n");
  CHECK(open(scene).scram_iterations() == 0);
  scene.compile();
  CHECK(open(scene).scram_iterations() == 0);
}

TEST_CASE("whoever can read either form can read the store" * doctest::skip(::geteuid() != 0)) {
  const CompiledScene scene("a:1\n");
  scene.compile();
  CHECK_FALSE(open(scene).readable_by(1000, 1000));
  REQUIRE(::chmod(scene.compiled.c_str(), 0604) == 0);
  CHECK(open(scene).readable_by(1000, 1000));
  REQUIRE(::chmod(scene.compiled.c_str(), 0600) == 0);
  REQUIRE(::chmod(scene.users.c_str(), 0604) == 0);
  CHECK(open(scene).readable_by(1000, 1000));
}
