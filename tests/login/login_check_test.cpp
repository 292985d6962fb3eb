// SPDX-License-Identifier: ISC
#include "login/login_check.hpp"

#include "configuration_paths.hpp"
#include "passwords/password_hash.hpp"
#include "state/hash_slots.hpp"
#include "support/child.hpp"
#include "support/login_request.hpp"
#include "support/scratch_dir.hpp"

#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

using namespace login;
using Kind = verifier::Verdict::Kind;

namespace {

/// A site with one user, alice, whose password is `wonderland`. The account that runs the tests
/// serves it, or uid 65534 if that is root.
struct Site {
  support::ScratchDir dir;
  config::Settings settings;
  std::chrono::seconds timeout{20};

  Site() {
    settings.users = dir.path("users");
    settings.runtime_directory = dir.path();
    settings.state_directory = dir.path();
    settings.log_unknown_names = true;
    settings.maildir = "/mail/%u";
    settings.minimum_uid = settings.minimum_gid = 1;
    std::ofstream(settings.users) << "alice:"
                                  << passwords::make(base::Secret("wonderland"),
                                                     passwords::least_cost)
                                  << "::::::\n";
    chmod(dir.path().c_str(), 0777);
    chmod(settings.users.c_str(), 0644);
  }

  /// The exit status: 0 when the verdict on `name` and `password` is `wanted`.
  int verdict_is(Kind wanted, const std::string& name, const std::string& password,
                 const std::string& path = "") const {
    return support::run_unprivileged([&] {
      const auto request = support::login_request(name, password);
      auto log = base::Log::open(dir.path("log"), "t");
      auto ends = ipc::Channel::make_pair();
      const verifier::VerifierContext context{settings, log, {}};
      const auto verdict =
          check(request, {context, ends.first, std::chrono::steady_clock::now() + timeout});
      return verdict.kind == wanted && path == verdict.maildir ? 0 : 1;
    });
  }
  std::string log() const {
    std::ifstream file(dir.path("log"));
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

} // namespace

TEST_CASE("the right password is granted with the user's Maildir") {
  const Site site;
  CHECK(site.verdict_is(Kind::granted, "alice", "wonderland", "/mail/alice") == 0);
}

TEST_CASE("a wrong password and an unknown or impossible name are refused, each with its reason") {
  const Site site;
  CHECK(site.verdict_is(Kind::refused, "alice", "Wonderland") == 0);
  CHECK(site.verdict_is(Kind::refused, "bob", "wonderland") == 0);
  CHECK(site.verdict_is(Kind::refused, "", "") == 0);
  CHECK(site.verdict_is(Kind::refused, "a:b", "x") == 0);
  const auto log = site.log();
  CHECK(log.find("event=login-failed reason=wrong-password user=alice") != log.npos);
  CHECK(log.find("event=login-failed reason=unknown-user user=bob") != log.npos);
  CHECK(log.find("onderland") == log.npos);
}

TEST_CASE("a name is logged in clear only when it is that of a user") {
  Site site;
  site.settings.log_unknown_names = false;
  CHECK(site.verdict_is(Kind::refused, "alice", "Wonderland") == 0);
  CHECK(site.verdict_is(Kind::refused, "bob", "wonderland") == 0);
  CHECK(site.verdict_is(Kind::refused, "a:b", "x") == 0);
  const auto log = site.log();
  CHECK(log.find("event=login-failed reason=wrong-password user=alice") != log.npos);
  CHECK(log.find("event=login-failed reason=unknown-user user-digest=") != log.npos);
  CHECK(log.find("event=login-failed reason=bad-name user-digest=") != log.npos);
  CHECK(log.find("bob") == log.npos);
  CHECK(log.find("a:b") == log.npos);
}

TEST_CASE("a users file that is refused is no wrong password") {
  Site site;
  chmod(site.settings.users.c_str(), 0666);
  CHECK(site.verdict_is(Kind::permanent, "alice", "wonderland") == 0);
  CHECK(site.log().find("event=unavailable") != std::string::npos);
}

TEST_CASE("a template that does not fit the name is the site's mistake") {
  Site site;
  site.settings.maildir = "/mail/%d/%n";
  CHECK(site.verdict_is(Kind::permanent, "alice", "wonderland") == 0);
}

TEST_CASE("with a cache a password that was good needs no hash slot, and any other does" *
          doctest::skip(SODAPOP_AUTH_CACHE == 0)) {
  Site site;
  site.settings.auth_cache = 60;
  site.settings.hash_slots = 1;
  REQUIRE(site.verdict_is(Kind::granted, "alice", "wonderland", "/mail/alice") == 0);
  state::HashSlots held(site.dir.path("hash-slots"), 1);
  const auto slot = held.acquire({std::chrono::steady_clock::now()});
  REQUIRE(slot.has_value());
  CHECK(site.verdict_is(Kind::granted, "alice", "wonderland", "/mail/alice") == 0);
  site.timeout = std::chrono::seconds(1);
  CHECK(site.verdict_is(Kind::temporary, "alice", "Wonderland") == 0);
  site.settings.auth_cache = 0;
  CHECK(site.verdict_is(Kind::temporary, "alice", "wonderland") == 0);
}

TEST_CASE("a verifier that waits for a hash slot in vain logs that itself, however late it is") {
  Site site;
  site.settings.hash_slots = 1;
  REQUIRE(site.verdict_is(Kind::granted, "alice", "wonderland", "/mail/alice") == 0);
  state::HashSlots held(site.dir.path("hash-slots"), 1);
  const auto slot = held.acquire({std::chrono::steady_clock::now()});
  REQUIRE(slot.has_value());
  site.timeout = std::chrono::seconds(0); // over before the verifier has started
  CHECK(site.verdict_is(Kind::temporary, "alice", "wonderland") == 0);
  CHECK(site.log().find("event=unavailable reason=no-hash-slot user=alice") != std::string::npos);
  CHECK(site.log().find("verifier-ended") == std::string::npos);
}

TEST_CASE("a user in the cache who may not be served is refused as before") {
  Site site;
  site.settings.auth_cache = 60;
  REQUIRE(site.verdict_is(Kind::granted, "alice", "wonderland", "/mail/alice") == 0);
  site.settings.maildir = "/mail/%d/%n";
  CHECK(site.verdict_is(Kind::permanent, "alice", "wonderland") == 0);
  std::ofstream(site.settings.users) << "alice:!x::::::\n";
  CHECK(site.verdict_is(Kind::refused, "alice", "wonderland") == 0);
}

TEST_CASE("a refused password leaves nothing in the cache" *
          doctest::skip(SODAPOP_AUTH_CACHE == 0)) {
  Site site;
  site.settings.auth_cache = 60;
  CHECK(site.verdict_is(Kind::refused, "alice", "Wonderland") == 0);
  CHECK(site.verdict_is(Kind::refused, "bob", "wonderland") == 0);
  site.settings.maildir = "/mail/%d/%n"; // right, but the user cannot be served
  CHECK(site.verdict_is(Kind::permanent, "alice", "wonderland") == 0);
  struct stat facts;
  REQUIRE(stat(site.dir.path("auth-cache").c_str(), &facts) == 0);
  CHECK(facts.st_size == 0);
}
