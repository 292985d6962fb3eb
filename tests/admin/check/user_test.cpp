// SPDX-License-Identifier: ISC
#include "check_fixture.hpp"
#include "passwords/password_hash.hpp"
#include "passwords/scram_verifier.hpp"
#include "support/child.hpp"

#include <ctime>
#include <doctest/doctest.h>
#include <unistd.h>

using support::CheckFixture;
using support::Found;

namespace {

/// A hash of the cost that OWASP advises. No password for it is known.
const std::string& good_hash() {
  static const auto hash = passwords::decoy(passwords::owasp_cost);
  return hash;
}

std::string served_uid() {
  return geteuid() == 0 ? "1000" : std::to_string(geteuid());
}

struct UserFixture : CheckFixture {
  Found of_line(const std::string& line) const {
    const auto user = users::parse_user(line);
    REQUIRE(user.has_value());
    return found([&](auto& findings) { check_user(context, *user, findings); });
  }
  Found of_hash(const std::string& hash, const std::string& extra = "") const {
    return of_line("alice:" + hash + ":" + served_uid() + ":1000::::" + extra);
  }
};

} // namespace

TEST_CASE("a user with a good hash and an identity is in order") {
  CHECK(UserFixture().of_hash(good_hash()).empty());
}

TEST_CASE("hashes that refuse every login, or that are too weak, are found") {
  const UserFixture fixture;
  CHECK(fixture.of_hash("*") == Found{"warning user-disabled"});
  CHECK(fixture.of_hash("!" + good_hash()) == Found{"warning user-disabled"});
  CHECK(fixture.of_hash("{NOSUCH}x") == Found{"error user-hash-unknown"});
  CHECK(fixture.of_hash("{PLAIN}x") == Found{"error user-hash-weak"});
  CHECK(fixture.of_hash("{ARGON2ID}x") == Found{"error user-hash-malformed"});
  CHECK(fixture.of_hash(passwords::decoy({512u << 20, 1})) == Found{"error user-hash-too-costly"});
  CHECK(fixture.of_hash(passwords::decoy(passwords::least_cost)) ==
        Found{"warning user-hash-outdated"});
}

TEST_CASE("a locked hash is found though there are app passwords, * is not") {
  const UserFixture fixture;
  for (const auto* hash : {"*LK*", "{CRYPT}!$6$salt$x", "!"})
    CHECK(fixture.of_hash(hash, "sodapop_app=a;b;c") == Found{"warning user-disabled"});
  CHECK(fixture.of_hash("*", "sodapop_app=a;b;c").empty());
}

TEST_CASE("a uid or gid that is never served is an error") {
  const UserFixture fixture;
  const auto gid_root = fixture.of_line("alice:" + good_hash() + ":" + served_uid() + ":0");
  CHECK(gid_root == Found{"error user-gid-root"});
  CHECK(fixture.of_line("alice:" + good_hash() + ":0:1000") == Found{"error user-uid-root"});
}

TEST_CASE("a server that is root needs a uid and a gid, not below the minimum") {
  if (geteuid() != 0)
    return support::skipped("only root may become other users");
  const UserFixture fixture;
  CHECK(fixture.of_line("alice:" + good_hash()) == Found{"error user-without-identity"});
  CHECK(fixture.of_line("alice:" + good_hash() + ":499:499") ==
        Found{"error user-uid-below-minimum", "error user-gid-below-minimum"});
  CHECK(fixture.of_line("alice:" + good_hash() + ":500:499") ==
        Found{"error user-gid-below-minimum"});
  CHECK(fixture.of_line("alice:" + good_hash() + ":500:500").empty());
}

TEST_CASE("a SCRAM verifier that is malformed, or that belongs to another hash, is found") {
  const UserFixture fixture;
  CHECK(fixture.of_hash(good_hash(), "sodapop_scram=nonsense") ==
        Found{"error user-scram-malformed"});
  const auto scram = passwords::to_text(passwords::make_scram(base::Secret("x"), 10'000));
  CHECK(
      fixture
          .of_hash(good_hash(), "sodapop_scram=" + scram + ";" + passwords::scram_tag(good_hash()))
          .empty());
  CHECK(fixture.of_hash(good_hash(), "sodapop_scram=" + scram + ";" + passwords::scram_tag("*")) ==
        Found{"warning user-scram-stale"});
}

TEST_CASE("a verifier that no connection can use is found") {
  UserFixture fixture;
  auto& settings = fixture.context.settings;
  using Settings = config::Settings;
  const auto scram = passwords::to_text(passwords::make_scram(base::Secret("x"), 10'000));
  const auto word = "sodapop_scram=" + scram + ";" + passwords::scram_tag(good_hash());
  const Found unused{"warning user-scram-unused"};
  CHECK(fixture.of_hash(good_hash(), word).empty());
  settings.tls = Settings::Tls::wrapped; // all connections are protected
  CHECK(fixture.of_hash(good_hash(), word) == unused);
  settings.proxy = Settings::Proxy::required; // a proxy may say that one is not
  CHECK(fixture.of_hash(good_hash(), word).empty());
  settings.scram = Settings::Scram::off;
  CHECK(fixture.of_hash(good_hash(), word) == unused);
  CHECK(fixture.of_hash(good_hash()).empty());
  settings.proxy = Settings::Proxy::off;
  settings.scram = Settings::Scram::always;
  CHECK(fixture.of_hash(good_hash(), word).empty());
  const auto app = " sodapop_app_passwords_only=yes sodapop_app=phone;c2FsdA;ZGlnZXN0";
  CHECK(fixture.of_hash(good_hash(), word + app) == unused);
}

TEST_CASE("where SCRAM is always offered, a user without a verifier is found") {
  UserFixture fixture;
  fixture.context.settings.scram = config::Settings::Scram::always;
  CHECK(fixture.of_hash(good_hash()) == Found{"warning user-scram-missing"});
}

TEST_CASE("a name that no login can use is an error") {
  UserFixture fixture;
  fixture.context.settings.require_domain = true;
  CHECK(fixture.of_hash(good_hash()) == Found{"error user-name-unreachable"});
}

TEST_CASE("an expired user is found, and one who needs app passwords and has none") {
  const UserFixture fixture;
  CHECK(fixture.of_hash(good_hash(), "sodapop_expires=2020-01-01") ==
        Found{"warning user-expired"});
  CHECK(fixture.of_hash(good_hash(), "sodapop_app_passwords_only=yes") ==
        Found{"warning app-passwords-none"});
}
