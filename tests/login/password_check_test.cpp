// SPDX-License-Identifier: ISC
#include "base/time_of_day.hpp"
#include "configuration_paths.hpp"
#include "state/hash_slots.hpp"
#include "state/usage_file.hpp"
#include "support/login_fixture.hpp"
#include "support/octets_read.hpp"
#include "users/app_password.hpp"
#include "users/compile_users.hpp"
#include "users/scram_entry.hpp"

#include <crypt.h>
#include <doctest/doctest.h>
#include <ostream>

using namespace login;
using Kind = verifier::Verdict::Kind;
using support::LoginFixture;

namespace {

const std::string& hash() {
  static const auto made = support::cheap_hash("wonderland");
  return made;
}

/// A hash of the default cost, which is not outdated.
const std::string& good_hash() {
  static const auto made = passwords::make(base::Secret("wonderland"), passwords::owasp_cost);
  return made;
}

const base::Secret& app_password() {
  static const auto made = users::generate_app_password();
  return made;
}

/// Of the least cost.
constexpr auto bcrypt_setting = "$2b$04$abcdefghijklmnopqrstuu";

/// The hash of the only user.
std::string hash_in(const LoginFixture& site) {
  const auto text = support::read_file(site.settings.users);
  return users::parse_user(text.substr(0, text.find('\n')))->hash;
}

std::string app_word(const char* label = "phone") {
  const auto letters = users::normalised_app_password(app_password());
  return to_word(users::make_app_password(label, *letters, {}));
}

} // namespace

TEST_CASE("an app password lets in as the password does, and is told by its label") {
  const LoginFixture site;
  site.write_user(hash(), app_word());
  const auto by_hash = site.log_in("alice", "wonderland");
  CHECK(by_hash.kind == Kind::granted);
  CHECK(by_hash.label.empty());
  const auto by_app = site.log_in("alice", app_password().reveal());
  CHECK(by_app.kind == Kind::granted);
  CHECK(by_app.label == "phone");
  CHECK(site.log_in("alice", "wonder").kind == Kind::refused);
}

TEST_CASE("an app password needs no hash slot, and is not asked for a hash that would cost") {
  LoginFixture site;
  site.write_user("{ARGON2ID}nonsense", app_word());
  site.settings.hash_slots = 1;
  site.timeout = std::chrono::seconds(0);
  state::HashSlots held(site.dir.path("hash-slots"), 1);
  const auto slot = held.acquire({std::chrono::steady_clock::now()});
  REQUIRE(slot.has_value());
  CHECK(site.log_in("alice", app_password().reveal()).kind == Kind::granted);
  CHECK(site.log_in("alice", "wonderland").kind == Kind::temporary);
  CHECK(site.has_logged("event=unavailable reason=no-hash-slot user=alice"));
}

TEST_CASE("with app passwords only the password itself is refused, with a word about why") {
  const LoginFixture site;
  site.write_user(hash(), "sodapop_app_passwords_only=yes " + app_word());
  CHECK(site.log_in("alice", app_password().reveal()).kind == Kind::granted);
  const auto refused = site.log_in("alice", "wonderland");
  CHECK(refused.kind == Kind::refused);
  CHECK(refused.hint == "this account needs an app password");
  CHECK(site.has_logged("event=login-failed reason=app-password-needed user=alice"));
  const auto wrong = site.log_in("alice", "Wonderland"); // a wrong password gets no hint
  CHECK(wrong.hint.empty());
}

TEST_CASE("the cache grants no login that the password would not grant") {
  LoginFixture site;
  site.settings.auth_cache = 60;
  site.write_user(hash());
  REQUIRE(site.log_in("alice", "wonderland").kind == Kind::granted);
  site.write_user(hash(), "sodapop_app_passwords_only=yes");
  CHECK(site.log_in("alice", "wonderland").kind == Kind::refused);
  site.write_user(hash(), "nologin");
  CHECK(site.log_in("alice", "wonderland").kind == Kind::refused);
  site.write_user(hash());
  site.settings.require_domain = true;
  CHECK(site.log_in("alice", "wonderland").kind == Kind::refused);
}

TEST_CASE("a locked user's app passwords are locked with the rest") {
  const LoginFixture site;
  for (const auto& locked : {"!" + hash(), std::string("*LK*"), std::string("x"),
                             "{ARGON2ID}!" + hash().substr(hash().find('$'))}) {
    CAPTURE(locked);
    site.write_user(locked, app_word());
    CHECK(site.log_in("alice", app_password().reveal()).kind == Kind::refused);
    CHECK(site.log_in("alice", "wonderland").kind == Kind::refused);
  }
  CHECK(site.has_logged("event=login-failed reason=disabled user=alice"));
  site.write_user("*", app_word()); // app passwords only
  CHECK(site.log_in("alice", app_password().reveal()).kind == Kind::granted);
}

TEST_CASE("an app password of another user, or revoked, is a wrong password") {
  const LoginFixture site;
  site.write(support::user_line("alice", hash()) + "\n" +
             support::user_line("bob", hash(), app_word()));
  CHECK(site.log_in("alice", app_password().reveal()).kind == Kind::refused);
  CHECK(site.has_logged("event=login-failed reason=wrong-password user=alice"));
}

TEST_CASE(
    "the use of an app password is noted with the time of day, but not when the login is refused") {
  const LoginFixture site;
  const auto word = app_word();
  site.write_user(hash(), word);
  const auto user = users::parse_user(support::user_line("alice", hash(), word));
  REQUIRE(user.has_value());
  const auto& password = user->app_passwords.at(0);
  const auto when = [&] {
    const auto uses = state::UsageFile::open_to_read(site.dir.path());
    return uses ? uses->when({"alice", password.label, password.salt}) : std::nullopt;
  };
  site.write_user(hash(), "nologin " + word);
  CHECK(site.log_in("alice", app_password().reveal()).kind == Kind::refused);
  CHECK_FALSE(when());
  site.write_user(hash(), word);
  const auto before = base::seconds_since_1970();
  CHECK(site.log_in("alice", app_password().reveal()).kind == Kind::granted);
  REQUIRE(when());
  CHECK(*when() >= before);
  CHECK(*when() <= base::seconds_since_1970());
  CHECK_FALSE(site.has_logged("event=app-password-use"));
}

TEST_CASE("trouble with the file of uses is logged once, and only where a use is to be noted") {
  LoginFixture site;
  site.settings.state_directory = site.dir.path("missing");
  site.write_user(hash(), app_word());
  CHECK(site.log_in("alice", "wonderland").kind == Kind::granted);
  CHECK(site.log_in("alice", users::generate_app_password().reveal()).kind == Kind::refused);
  CHECK_FALSE(site.has_logged("event=app-password-use"));
  CHECK(site.log_in("alice", app_password().reveal()).kind == Kind::granted);
  const auto log = site.log();
  const auto found = log.find(" event=app-password-use problem=\"");
  REQUIRE(found != log.npos);
  CHECK(log.find("event=app-password-use", found + 2) == log.npos);
}

TEST_CASE("a file of uses that is not private is not used") {
  const LoginFixture site;
  site.write_user(hash(), app_word());
  REQUIRE(state::UsageFile::open(site.dir.path()).has_value());
  REQUIRE(chmod(site.dir.path("app-password-use").c_str(), 0644) == 0);
  CHECK(site.log_in("alice", app_password().reveal()).kind == Kind::granted);
  CHECK(site.has_logged("may read and write"));
  CHECK(support::read_file(site.dir.path("app-password-use")).empty());
}

TEST_CASE("an outdated hash is told to the log, and renewed only where the site wants it") {
  LoginFixture site;
  site.write_user(hash());
  const auto before = support::read_file(site.settings.users);
  CHECK(site.log_in("alice", "wonderland").kind == Kind::granted);
  CHECK(support::read_file(site.settings.users) == before);
  CHECK(site.has_logged("event=outdated-hash scheme=ARGON2ID user=alice"));
  site.settings.rehash = true;
  CHECK(site.log_in("alice", "wonderland").kind == Kind::granted);
  const auto better = hash_in(site);
  CHECK(passwords::verify(better, base::Secret("wonderland")));
  CHECK_FALSE(passwords::is_outdated(better));
  CHECK(site.log().find("wonderland") == std::string::npos);
}

TEST_CASE("after a renewal the key for the index is that of the next login" *
          doctest::description("else the messages would be read twice")) {
  LoginFixture site;
  site.settings.rehash = true;
  site.write_user(hash());
  const auto renewing = site.log_in("alice", "wonderland");
  REQUIRE(hash_in(site) != hash());
  CHECK(renewing.index_key == site.log_in("alice", "wonderland").index_key);
}

TEST_CASE("nothing is renewed that is good, wrong or beyond the ceiling") {
  LoginFixture site;
  site.settings.rehash = true;
  site.write_user(good_hash());
  CHECK(site.log_in("alice", "wonderland").kind == Kind::granted);
  CHECK(hash_in(site) == good_hash());
  CHECK_FALSE(site.has_logged("event=outdated-hash"));
  site.write_user(hash());
  CHECK(site.log_in("alice", "Wonderland").kind == Kind::refused);
  CHECK(hash_in(site) == hash());
  site.settings.hash_memory_limit = 18;
  CHECK(site.log_in("alice", "wonderland").kind == Kind::granted);
  CHECK(hash_in(site) == hash());
  site.settings.hash_memory_limit = 19;
  CHECK(site.log_in("alice", "wonderland").kind == Kind::granted);
  CHECK(hash_in(site) != hash());
}

TEST_CASE("nothing is renewed that is known from the cache" *
          doctest::skip(SODAPOP_AUTH_CACHE == 0)) {
  LoginFixture site;
  site.write_user(hash());
  site.settings.auth_cache = 60;
  CHECK(site.log_in("alice", "wonderland").kind == Kind::granted);
  site.settings.rehash = true;
  CHECK(site.log_in("alice", "wonderland").kind == Kind::granted);
  CHECK(hash_in(site) == hash());
}

TEST_CASE("nothing is renewed, and nothing logged about it, where the file cannot be changed") {
  LoginFixture site;
  site.settings.rehash = true;
  site.write_user(hash());
  const auto text = users::UsersFile::open(site.settings.users);
  REQUIRE(text.has_value());
  REQUIRE(users::compile_users(*text, site.settings.users, {}).has_value());
  CHECK(site.log_in("alice", "wonderland").kind == Kind::granted);
  CHECK(hash_in(site) == hash());
  CHECK_FALSE(site.has_logged("event=rehash"));
}

TEST_CASE("a hash of bcrypt is renewed only from a password that it takes whole") {
  LoginFixture site;
  site.settings.rehash = true;
  const std::string password(72, 'x');
  const std::string bcrypt = "{BLF-CRYPT}" + std::string(crypt(password.c_str(), bcrypt_setting));
  site.write_user(bcrypt);
  CHECK(site.log_in("alice", password + "mistyped").kind == Kind::granted);
  CHECK(hash_in(site) == bcrypt);
  CHECK(site.log_in("alice", password).kind == Kind::granted);
  CHECK(passwords::verify(hash_in(site), base::Secret(password)));
  CHECK_FALSE(passwords::is_outdated(hash_in(site)));
}

TEST_CASE("a name without the domain that it needs is refused, even if a user has it") {
  LoginFixture site;
  site.write_user(hash(), app_word());
  site.settings.require_domain = true;
  CHECK(site.log_in("alice", "wonderland").kind == Kind::refused);
  CHECK(site.log_in("alice", app_password().reveal()).kind == Kind::refused);
  CHECK(site.has_logged("event=login-failed reason=no-domain user=alice"));
  site.write(support::user_line("alice@example.org", hash(), app_word()));
  CHECK(site.log_in("alice@example.org", "wonderland").kind == Kind::granted);
  site.settings.default_domain = "example.org";
  CHECK(site.log_in("alice", "wonderland").kind == Kind::granted);
  CHECK(site.log_in("alice", app_password().reveal()).kind == Kind::granted);
}

TEST_CASE("the site's form of a name is logged and served, not the client's") {
  LoginFixture site;
  site.write_user(hash());
  site.settings.name_case = config::Settings::NameCase::lower;
  const auto verdict = site.log_in("ALICE", "wonderland");
  CHECK(verdict.name == "alice");
  CHECK(verdict.maildir == "/mail/alice");
  CHECK(site.log_in("ALICE", "Wonderland").kind == Kind::refused);
  CHECK(site.has_logged("event=login-failed reason=wrong-password user=alice"));
}

TEST_CASE("as much is read for a wrong password of a user as for an unknown name") {
  LoginFixture site;
  site.settings.log_unknown_names = false;
  std::string lines;
  for (int i = 0; i < 1500; ++i)
    lines += support::user_line("user" + std::to_string(i), hash()) + "\n";
  site.write(lines);
  const auto octets = [&](const char* name) {
    return support::octets_read([&] { CHECK(site.log_in(name, "x").kind == Kind::refused); });
  };
  (void)octets("nobody"); // makes the log and the keys
  const auto read_for_nobody = octets("nobody");
  CHECK(read_for_nobody > lines.size());
  for (const auto* name : {"user0", "user750", "user1499", ""})
    CHECK(octets(name) == read_for_nobody);
}
