// SPDX-License-Identifier: ISC
#include "login/hash_renewal.hpp"

#include "support/child.hpp"
#include "support/login_fixture.hpp"
#include "users/scram_entry.hpp"
#include "users/users_editor.hpp"
#include "users/users_file.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace login;
using support::LoginFixture;

namespace {

const std::string& old_hash() {
  static const auto made = support::cheap_hash("wonderland");
  return made;
}
const std::string& new_hash() {
  static const auto made = passwords::make(base::Secret("wonderland"), passwords::owasp_cost);
  return made;
}

/// After a login of the user as the users file has it now.
void renew(const LoginFixture& site, const std::string& hash) {
  const auto log = base::Log::open(site.dir.path("log"), "t");
  const auto user = users::UsersFile::open(site.settings.users)->find("alice", {});
  REQUIRE(user.has_value());
  renew_hash(*user, hash, site.settings, log);
}

std::string users_text(const LoginFixture& site) {
  return support::read_file(site.settings.users);
}

} // namespace

TEST_CASE("a better hash takes the place of an outdated one, and of nothing else") {
  const LoginFixture site;
  const auto bob = support::user_line("bob", old_hash(), "nologin");
  site.write("# users\n" + support::user_line("alice", old_hash(), "k=v") + "\n" + bob);
  renew(site, new_hash());
  CHECK(users_text(site) ==
        "# users\n" + support::user_line("alice", new_hash(), "k=v") + "\n" + bob + "\n");
  CHECK(site.has_logged("event=rehash user=alice"));
}

TEST_CASE("a SCRAM verifier beside the old hash goes on being good") {
  const LoginFixture site;
  const auto verifier =
      passwords::make_scram(base::Secret("wonderland"), passwords::least_scram_iterations);
  site.write_user(old_hash(), "sodapop_scram=" + users::scram_entry(verifier, old_hash()));
  renew(site, new_hash());
  CHECK(users_text(site) ==
        support::user_line("alice", new_hash(),
                           "sodapop_scram=" + users::scram_entry(verifier, new_hash())) +
            "\n");
}

TEST_CASE("a SCRAM verifier in the place of the hash goes on being one") {
  const LoginFixture site;
  const auto verifier =
      passwords::make_scram(base::Secret("wonderland"), passwords::least_scram_iterations);
  site.write_user(to_text(verifier));
  renew(site, new_hash());
  CHECK(users_text(site) ==
        support::user_line("alice", new_hash(),
                           "sodapop_scram=" + users::scram_entry(verifier, new_hash())) +
            "\n");
}

TEST_CASE("a SCRAM verifier of another password does not become good again") {
  const LoginFixture site;
  const auto verifier =
      passwords::make_scram(base::Secret("stolen"), passwords::least_scram_iterations);
  const auto word = "sodapop_scram=" + users::scram_entry(verifier, "{ARGON2ID}before");
  site.write_user(old_hash(), word);
  renew(site, new_hash());
  CHECK(users_text(site) == support::user_line("alice", new_hash(), word) + "\n");
}

TEST_CASE("a user whose hash is another by now, or who has gone, is left alone") {
  const LoginFixture site;
  const auto log = base::Log::open(site.dir.path("log"), "t");
  site.write_user(old_hash());
  const auto user = *users::UsersFile::open(site.settings.users)->find("alice", {});
  for (const auto& now : {support::user_line("alice", new_hash()), support::user_line("alice", "*"),
                          support::user_line("alice", "!" + old_hash()),
                          support::user_line("alice", ""), support::user_line("bob", old_hash())}) {
    site.write(now);
    renew_hash(user, passwords::make(base::Secret("wonderland"), passwords::owasp_cost),
               site.settings, log);
    CHECK(users_text(site) == now + "\n");
  }
  CHECK_FALSE(site.has_logged("event=rehash"));
}

TEST_CASE("only a hash of Argon2id from the verifier is written") {
  const LoginFixture site;
  site.write_user(old_hash());
  const auto before = users_text(site);
  for (const std::string hash :
       {"", "x", "*", "{PLAIN}x", "{ARGON2ID}$argon2id$", "x:0:0\nroot:"}) {
    CAPTURE(hash);
    renew(site, hash);
    CHECK(users_text(site) == before);
  }
  renew(site, to_text(passwords::make_scram(base::Secret("x"), 4096)));
  CHECK(users_text(site) == before);
  const auto memory = passwords::owasp_cost.memory;
  renew(site, passwords::decoy({memory, passwords::owasp_cost.operations - 1}));
  CHECK(users_text(site) == before);
  renew(site, passwords::decoy({memory, site.settings.hash_operations_limit + 1}));
  CHECK(users_text(site) == before);
  CHECK(site.has_logged("event=rehash user=alice problem=\"the verifier has made no hash\""));
}

TEST_CASE("a users file that is compiled is not changed behind the compiled form's back") {
  const LoginFixture site;
  CHECK(can_renew(site.settings.users));
  support::write_file(site.settings.users + ".cdb", "x");
  CHECK_FALSE(can_renew(site.settings.users));
}

TEST_CASE("a users file that is not there, or that nobody here can replace, is not changed") {
  const LoginFixture site;
  CHECK_FALSE(can_renew(site.dir.path("missing")));
  CHECK(support::run_unprivileged([] { return can_renew("/etc/passwd") ? 1 : 0; }) == 0);
}

TEST_CASE("an editor at work is not waited for long, and only the log tells of it") {
  const LoginFixture site;
  site.write_user(old_hash());
  const users::UsersEditor editor(site.settings.users, users::UsersEditor::WhenMissing::fail);
  renew(site, new_hash());
  CHECK(users_text(site) == support::user_line("alice", old_hash()) + "\n");
  CHECK(site.has_logged("event=rehash user=alice problem="));
}

TEST_CASE("a users file above the limit is not rewritten for a login") {
  const LoginFixture site;
  site.write_user(old_hash());
  REQUIRE(truncate(site.settings.users.c_str(), max_renewed_users) == 0);
  CHECK(can_renew(site.settings.users));
  REQUIRE(truncate(site.settings.users.c_str(), max_renewed_users + 1) == 0);
  CHECK_FALSE(can_renew(site.settings.users));
}
