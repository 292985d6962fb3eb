// SPDX-License-Identifier: ISC
#include "login/scram_login.hpp"

#include "passwords/scram_verifier.hpp"
#include "support/login_fixture.hpp"
#include "support/octets_read.hpp"
#include "support/scram_client.hpp"
#include "users/scram_entry.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <set>

using namespace login;
using Kind = verifier::Verdict::Kind;
using support::LoginFixture;
using support::ScramClient;

namespace {

const passwords::ScramVerifier& stored_verifier() {
  static const auto made =
      passwords::make_scram(base::Secret("wonderland"), passwords::least_scram_iterations);
  return made;
}

/// The verifier of alice, which is beside her hash.
std::string scram_word() {
  return "sodapop_scram=" + users::scram_entry(stored_verifier(), "{ARGON2ID}x");
}

/// One exchange of a client with a site.
class Talk {
 public:
  Talk(const LoginFixture& site, ScramClient client, std::string nonce = "server-nonce")
      : log_(base::Log::open(site.dir.path("log"), "t")), place_{site.settings,
                                                                 log_,
                                                                 {},
                                                                 site.client},
        client_(std::move(client)), login_(client_.start, std::move(nonce), place_) {}

  verifier::Verdict offer() { return login_.make_offer(); }
  pop3::ScramFinal proof() { return client_.answer(login_.offer()); }
  verifier::Verdict check(const pop3::ScramFinal& proof) { return login_.check(proof); }
  bool accepts_server() { return client_.accepts(login_.signature()); }
  verifier::Verdict finish() { return login_.finish(); }
  const pop3::ScramOffer& offered() const { return login_.offer(); }

 private:
  base::Log log_;
  verifier::VerifierContext place_;
  ScramClient client_;
  ScramLogin login_;
};

/// The verdict on the first step, or on the last that was reached.
verifier::Verdict log_in(const LoginFixture& site, ScramClient client,
                         bool* is_the_server = nullptr) {
  Talk talk(site, std::move(client));
  auto verdict = talk.offer();
  if (verdict.kind == Kind::granted)
    verdict = talk.check(talk.proof());
  if (is_the_server != nullptr)
    *is_the_server = talk.accepts_server();
  return verdict.kind == Kind::granted ? talk.finish() : verdict;
}

pop3::ScramOffer offer_for(const LoginFixture& site, const std::string& name) {
  Talk talk(site, ScramClient(name, ""));
  CHECK(talk.offer().kind == Kind::granted);
  return talk.offered();
}

} // namespace

TEST_CASE("a right proof lets in, and the server shows that it knows the verifier") {
  const LoginFixture site;
  site.write_user("{ARGON2ID}x", scram_word());
  bool is_the_server = false;
  const auto verdict = log_in(site, ScramClient("alice", "wonderland"), &is_the_server);
  CHECK(verdict.kind == Kind::granted);
  CHECK(is_the_server);
  CHECK(verdict.name == "alice");
  CHECK(verdict.maildir == "/mail/alice");
  CHECK(log_in(site, ScramClient("alice", "Wonderland"), &is_the_server).kind == Kind::refused);
  CHECK_FALSE(is_the_server);
  CHECK(site.has_logged("event=login-failed reason=wrong-password user=alice"));
}

TEST_CASE("a SCRAM verifier in the place of the hash is used") {
  const LoginFixture site;
  site.write_user(passwords::to_text(stored_verifier()));
  CHECK(log_in(site, ScramClient("alice", "wonderland")).kind == Kind::granted);
}

TEST_CASE("an offer has the user's salt and iterations, and grants nothing else") {
  const LoginFixture site;
  site.write_user("{ARGON2ID}x", scram_word());
  Talk talk(site, ScramClient("alice", ""));
  const auto verdict = talk.offer();
  CHECK(verdict.kind == Kind::granted);
  CHECK(talk.offered().salt == stored_verifier().salt);
  CHECK(talk.offered().iterations == stored_verifier().iterations);
  CHECK(verdict.maildir.empty());
  CHECK_FALSE(is_acceptable(verdict, site.settings, geteuid()));
  CHECK(site.log().empty());
}

TEST_CASE("unknown names and names without a verifier get usual offers, always the same") {
  const LoginFixture site;
  site.write(support::user_line("alice", "{ARGON2ID}x", scram_word()) + "\n" +
             support::user_line("bob", "{ARGON2ID}x") + "\n" +
             support::user_line("carol", "!{ARGON2ID}x", scram_word()));
  std::set<std::string> salts;
  const std::string names[] = {"bob", "carol", "dave", "", "a:b", "../x", std::string(255, 'n')};
  for (const auto& name : names) {
    CAPTURE(name);
    const auto offer = offer_for(site, name);
    const auto again = offer_for(site, name);
    CHECK(offer.salt.size() == stored_verifier().salt.size());
    CHECK(offer.iterations == stored_verifier().iterations);
    CHECK(offer.salt == again.salt);
    salts.insert(offer.salt);
    CHECK(log_in(site, ScramClient(name, "wonderland")).kind == Kind::refused);
  }
  CHECK(salts.size() == std::size(names));
  CHECK(site.has_logged("event=login-failed reason=no-scram-verifier user=bob"));
  CHECK(site.has_logged("event=login-failed reason=no-scram-verifier user=carol"));
  CHECK(site.has_logged("event=login-failed reason=unknown-user user=dave"));
}

TEST_CASE("an offer tells a name neither by what most users have nor by what is read for it") {
  LoginFixture site;
  site.settings.log_unknown_names = false;
  const auto word = [](std::uint32_t iterations, std::size_t salt) {
    const passwords::ScramVerifier verifier{iterations, std::string(salt, 's'), {}, {}};
    return "sodapop_scram=" + users::scram_entry(verifier, "{ARGON2ID}x");
  };
  std::string lines = support::user_line("alice", "{ARGON2ID}x", word(4096, 16)) + "\n";
  for (int i = 0; i < 500; ++i)
    lines += support::user_line("user" + std::to_string(i), "{ARGON2ID}x", word(5000, 12)) + "\n";
  site.write(lines);
  const auto usual = offer_for(site, "user7");
  const auto unknown = offer_for(site, "nobody");
  CHECK(unknown.iterations == usual.iterations);
  CHECK(unknown.salt.size() == usual.salt.size());
  const auto octets = [&](const char* name) {
    return support::octets_read([&] { (void)log_in(site, ScramClient(name, "wrong")); });
  };
  (void)octets("nobody"); // makes the log and the keys
  const auto read_for_nobody = octets("nobody");
  CHECK(read_for_nobody > lines.size());
  for (const auto* name : {"alice", "user0", "user250", "user499", ""})
    CHECK(octets(name) == read_for_nobody);
}

TEST_CASE("a verifier of the password before the last is of no use") {
  const LoginFixture site;
  site.write_user("{ARGON2ID}changed", scram_word());
  CHECK(log_in(site, ScramClient("alice", "wonderland")).kind == Kind::refused);
  CHECK(site.has_logged("reason=no-scram-verifier"));
}

TEST_CASE("a proof for another nonce of ours, name, message or verifier does not fit") {
  const LoginFixture site;
  site.write_user("{ARGON2ID}x", scram_word());
  const ScramClient client("alice", "wonderland");
  Talk talk(site, client);
  REQUIRE(talk.offer().kind == Kind::granted);
  const auto seen = talk.proof();
  REQUIRE(talk.check(seen).kind == Kind::granted);
  const auto kind = [&](const ScramClient& other, const char* nonce) {
    Talk again(site, other, nonce);
    REQUIRE(again.offer().kind == Kind::granted);
    return again.check(seen).kind;
  };
  CHECK(kind(client, "server-nonce") == Kind::granted);
  CHECK(kind(client, "another-nonce") == Kind::refused);
  auto changed = client;
  changed.start.message_bare += ",x=y";
  CHECK(kind(changed, "server-nonce") == Kind::refused);
  ScramClient other = client;
  other.start.name = "bob";
  CHECK(kind(other, "server-nonce") == Kind::refused);
  const auto same_password =
      passwords::make_scram(base::Secret("wonderland"), passwords::least_scram_iterations + 1);
  site.write_user("{ARGON2ID}x",
                  "sodapop_scram=" + users::scram_entry(same_password, "{ARGON2ID}x"));
  CHECK(kind(client, "server-nonce") == Kind::refused);
}

TEST_CASE("what the users file says at the end decides") {
  const LoginFixture site;
  const auto end_after = [&](const std::string& hash, const std::string& words) {
    site.write_user("{ARGON2ID}x", scram_word());
    Talk talk(site, ScramClient("alice", "wonderland"));
    REQUIRE(talk.offer().kind == Kind::granted);
    REQUIRE(talk.check(talk.proof()).kind == Kind::granted);
    site.write_user(hash, words);
    return talk.finish();
  };
  CHECK(end_after("{ARGON2ID}x", "k=v " + scram_word()).kind == Kind::granted);
  CHECK(end_after("{ARGON2ID}x", "sodapop_read_only=yes " + scram_word()).is_read_only == 1);
  CHECK(end_after("{ARGON2ID}other", scram_word()).kind == Kind::refused);
  CHECK(end_after("!{ARGON2ID}x", scram_word()).kind == Kind::refused);
  CHECK(end_after("", "").kind == Kind::refused);
  CHECK(end_after("{ARGON2ID}x", "nologin " + scram_word()).kind == Kind::refused);
  site.write_user("{ARGON2ID}x", scram_word());
  Talk talk(site, ScramClient("alice", "wonderland"));
  REQUIRE(talk.offer().kind == Kind::granted);
  REQUIRE(talk.check(talk.proof()).kind == Kind::granted);
  site.write(support::user_line("bob", "{ARGON2ID}x", scram_word()));
  CHECK(talk.finish().kind == Kind::refused);
  CHECK(site.has_logged("event=login-failed reason=unknown-user user=alice"));
}

TEST_CASE("all rights are asked for after a right proof as well") {
  const LoginFixture site;
  const auto refusal = [&](const std::string& words) {
    site.write_user("{ARGON2ID}x", words + " " + scram_word());
    const auto verdict = log_in(site, ScramClient("alice", "wonderland"));
    CHECK(verdict.kind == Kind::refused);
    return std::string(verdict.hint);
  };
  CHECK(refusal("nologin=moved") == "moved");
  CHECK(refusal("sodapop_app_passwords_only=yes") == "this account needs an app password");
  CHECK(refusal("allow_nets=198.51.100.0/24").empty());
  site.write_user("{ARGON2ID}x", "nologin=moved " + scram_word());
  CHECK(log_in(site, ScramClient("alice", "wrong")).hint.empty());
}

TEST_CASE("a site key that others can read is a reason to refuse logins, and to log it") {
  const LoginFixture site;
  site.write_user("{ARGON2ID}x", scram_word());
  REQUIRE(Talk(site, ScramClient("alice", "")).offer().kind == Kind::granted);
  chmod(site.dir.path("site-key").c_str(), 0644);
  CHECK(Talk(site, ScramClient("alice", "")).offer().kind == Kind::permanent);
  CHECK(site.has_logged("event=unavailable reason=site-key-refused"));
}

TEST_CASE("the name of SCRAM is one by the site's rules") {
  LoginFixture site;
  site.write(support::user_line("alice@example.org", "{ARGON2ID}x", scram_word()) + "\n" +
             support::user_line("bob", "{ARGON2ID}x", scram_word()));
  site.settings.name_case = config::Settings::NameCase::lower;
  site.settings.require_domain = true;
  CHECK(log_in(site, ScramClient("bob", "wonderland")).kind == Kind::refused);
  CHECK(site.has_logged("event=login-failed reason=no-domain user=bob"));
  site.settings.default_domain = "example.org";
  CHECK(log_in(site, ScramClient("Alice", "wonderland")).kind == Kind::granted);
}
