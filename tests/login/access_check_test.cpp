// SPDX-License-Identifier: ISC
#include "login/access_check.hpp"

#include "support/login_fixture.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace login;
using Kind = verifier::Verdict::Kind;
using support::LoginFixture;

namespace {

/// The verdict on an authenticated user with the extra field `extra`.
verifier::Verdict verdict_on(const LoginFixture& site, std::string_view extra,
                             bool by_app_password = false) {
  site.write_user("*", extra);
  auto log = base::Log::open(site.dir.path("log"), "t");
  const verifier::VerifierContext place{site.settings, log, {}, site.client};
  const AccessCheck access("alice", place);
  REQUIRE_FALSE(access.obstacle());
  const auto user = access.find();
  REQUIRE(user);
  return access.admit(*user, by_app_password ? &user->app_passwords.at(0) : nullptr);
}

void expect_refusal(std::string_view extra, std::string_view reason, std::string_view hint,
                    bool by_app_password = false) {
  CAPTURE(extra);
  const LoginFixture site;
  const auto verdict = verdict_on(site, extra, by_app_password);
  CHECK(verdict.kind == Kind::refused);
  CHECK(verdict.hint == hint);
  CHECK(verdict.maildir.empty());
  CHECK(site.has_logged("event=login-failed reason=" + std::string(reason) + " user=alice"));
}

std::string app_password(std::string_view rights) {
  return "sodapop_app=phone;AAAAAAAAAAAAAAAAAAAAAA;AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" +
         std::string(rights);
}

} // namespace

TEST_CASE("a user with every right is granted uid, gid, Maildir, name and a key for the index") {
  const LoginFixture site;
  const auto verdict = verdict_on(site, "");
  CHECK(verdict.kind == Kind::granted);
  CHECK(std::to_string(verdict.uid) == support::served_id());
  CHECK(std::to_string(verdict.gid) == support::served_id());
  CHECK(verdict.maildir == "/mail/alice");
  CHECK(verdict.name == "alice");
  CHECK(verdict.is_read_only == 0);
  CHECK(verdict.label.empty());
  CHECK(verdict.index_key != passwords::IndexKey{});
  CHECK(site.log().empty());
}

TEST_CASE("the key for the index is of the site's key, the name and the hash") {
  const LoginFixture site, other;
  const auto verdict = verdict_on(site, "");
  CHECK(verdict.index_key ==
        passwords::index_key(support::read_file(site.dir.path("site-key")), "alice", "*"));
  CHECK(verdict.index_key == verdict_on(site, "").index_key);
  CHECK(verdict.index_key != verdict_on(other, "").index_key);
}

TEST_CASE(
    "without the site's key no login fails, and a hash that is no secret gives no lasting key") {
  LoginFixture site;
  site.settings.state_directory = site.dir.path("missing");
  const auto verdict = verdict_on(site, "");
  CHECK(verdict.kind == Kind::granted);
  CHECK(verdict.index_key != verdict_on(site, "").index_key);
  CHECK(verdict.index_key != passwords::index_key("", "alice", "*"));
  site.write_user(support::cheap_hash("wonderland"));
  const auto by_hash = site.log_in("alice", "wonderland").index_key;
  CHECK(by_hash == site.log_in("alice", "wonderland").index_key);
}

TEST_CASE("each right that is missing has its reason, and the hint that the site wants") {
  expect_refusal("nologin", "nologin", "");
  expect_refusal("nologin=moved", "nologin", "moved");
  expect_refusal("nologin reason=moved", "nologin", "moved");
  expect_refusal("sodapop_pop3=no", "pop3-off", "POP3 is switched off for this account");
  expect_refusal("sodapop_expires=2020-02-29", "expired", "this account has expired");
}

TEST_CASE("a client from a foreign network is told nothing, whatever else is wrong") {
  expect_refusal("allow_nets=198.51.100.0/24", "network", "");
  expect_refusal("allow_nets=198.51.100.0/24 sodapop_expires=2020-01-01", "network", "");
}

TEST_CASE("an allowed network, a future expiry and a right to POP3 do not refuse a user") {
  const LoginFixture site;
  CHECK(verdict_on(site, "allow_nets=192.0.2.0/24 sodapop_expires=9999-12-31 sodapop_pop3=yes")
            .kind == Kind::granted);
}

TEST_CASE("a client without an address comes from no network, unless local is one") {
  LoginFixture site;
  site.client.address.reset();
  CHECK(verdict_on(site, "allow_nets=0.0.0.0/0,::/0").kind == Kind::refused);
  CHECK(verdict_on(site, "allow_nets=local").kind == Kind::granted);
}

TEST_CASE("a user with read-only access is granted just that") {
  const LoginFixture site;
  CHECK(verdict_on(site, "sodapop_read_only=yes").is_read_only == 1);
}

TEST_CASE("an app password's rights count beside the user's, and its label is told") {
  const LoginFixture site;
  const auto full = verdict_on(site, app_password(""), true);
  CHECK(full.kind == Kind::granted);
  CHECK(full.label == "phone");
  CHECK(full.is_read_only == 0);
  CHECK(verdict_on(site, app_password(";read-only"), true).is_read_only == 1);
  CHECK(verdict_on(site, app_password(";read-only"), false).is_read_only == 0);
  CHECK(verdict_on(site, "sodapop_read_only=yes " + app_password(""), true).is_read_only == 1);
  expect_refusal(app_password(";expires=2020-01-01"), "app-password-expired",
                 "this app password has expired", true);
  expect_refusal(app_password(";from=198.51.100.0/24"), "network", "", true);
  expect_refusal("allow_nets=198.51.100.0/24 " + app_password(";from=192.0.2.7"), "network", "",
                 true);
  expect_refusal("sodapop_pop3=no " + app_password(""), "pop3-off",
                 "POP3 is switched off for this account", true);
}

TEST_CASE("a site that cannot serve a user says so to the log, and is no refusal") {
  LoginFixture site;
  site.settings.maildir = "/mail/%d/%n";
  CHECK(verdict_on(site, "").kind == Kind::permanent);
  CHECK(site.has_logged("event=unavailable reason=no-maildir-path"));
  site.settings.maildir = "/" + std::string(PATH_MAX - 7, 'm') + "/%u";
  CHECK(verdict_on(site, "").kind == Kind::permanent);
  CHECK(site.has_logged("reason=maildir-path-too-long"));
}

TEST_CASE("a users file that is refused is an obstacle for every user") {
  const LoginFixture site;
  chmod(site.settings.users.c_str(), 0666);
  auto log = base::Log::open(site.dir.path("log"), "t");
  const verifier::VerifierContext place{site.settings, log, {}};
  const auto obstacle = AccessCheck("alice", place).obstacle();
  REQUIRE(obstacle);
  CHECK(obstacle->kind == Kind::permanent);
  CHECK(site.has_logged("event=unavailable reason=users-file-refused"));
}

TEST_CASE("a name is looked up as the site's rules make it") {
  LoginFixture site;
  site.write(support::user_line("alice@example.org", "*"));
  site.settings.name_case = config::Settings::NameCase::lower;
  site.settings.default_domain = "example.org";
  auto log = base::Log::open(site.dir.path("log"), "t");
  const verifier::VerifierContext place{site.settings, log, {}};
  AccessCheck access("ALICE", place);
  CHECK(access.name() == "alice@example.org");
  CHECK(access.find());
  access.set_name("Bob");
  CHECK(access.name() == "bob@example.org");
  CHECK_FALSE(access.find());
  access.set_name("../alice");
  CHECK_FALSE(access.find());
}

TEST_CASE("the log says that a user has the name in lower case") {
  const LoginFixture site;
  site.write_user("*");
  const auto refused = [&](std::string_view said) {
    auto log = base::Log::open(site.dir.path("log"), "t");
    const verifier::VerifierContext place{site.settings, log, {}};
    const AccessCheck access(said, place);
    REQUIRE_FALSE(access.find());
    (void)access.refuse_unknown();
    const auto lines = site.log();
    return lines.substr(lines.rfind('\n', lines.size() - 2) + 1);
  };
  const std::string_view problem =
      "problem=\"a user has this name in lower case: name-case = lower accepts both\"";
  for (const auto* said : {"Alice", "ALICE", "alicE"})
    CHECK(refused(said).find(problem) != std::string::npos);
  for (const auto* said : {"bob", "Bob", "../Alice", "ALICE@example.org", ""})
    CHECK(refused(said).find("problem=") == std::string::npos);
}

TEST_CASE("a name without a domain is not found where the site wants one") {
  LoginFixture site;
  site.write_user("*");
  site.settings.require_domain = true;
  auto log = base::Log::open(site.dir.path("log"), "t");
  const verifier::VerifierContext place{site.settings, log, {}};
  CHECK_FALSE(AccessCheck("alice", place).find());
}

TEST_CASE("of the malformed lines that are met at most twenty are logged") {
  const LoginFixture site;
  std::string lines;
  for (int i = 0; i < 30; ++i)
    lines += "malformed\n";
  site.write(lines + support::user_line("alice", "*"));
  auto log = base::Log::open(site.dir.path("log"), "t");
  const verifier::VerifierContext place{site.settings, log, {}};
  CHECK(AccessCheck("alice", place).find());
  const auto text = site.log();
  std::size_t count = 0;
  for (auto at = text.find("event=users-file"); at != text.npos;
       at = text.find("event=users-file", at + 1))
    ++count;
  CHECK(count == 20);
}
