// SPDX-License-Identifier: ISC
#include "passwords/scram_verifier.hpp"
#include "support/scram_client.hpp"
#include "support/verifier_fixture.hpp"
#include "users/scram_entry.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <set>

using namespace verifier;
using Kind = Verdict::Kind;
using support::ScramClient;
using support::VerifierFixture;

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

pop3::ScramOffer offer_in(const Verdict& verdict, std::string nonce = "server-nonce") {
  return {std::move(nonce), std::string(verdict.salt.data(), verdict.salt_length),
          verdict.iterations};
}

Verdict first_step(const VerifierFixture& site, const ScramClient& client) {
  return site.ask(&client.start);
}

/// Asks for both steps, as the monitor does.
Verdict log_in(const VerifierFixture& site, ScramClient client, bool* is_the_server = nullptr) {
  const ScramExchange exchange{client.start, offer_in(first_step(site, client))};
  const ScramProof proof{exchange, client.answer(exchange.offer)};
  const auto verdict = site.ask(&proof);
  if (is_the_server != nullptr)
    *is_the_server = client.accepts(verdict.signature);
  return verdict;
}

} // namespace

TEST_CASE("a right proof lets in, and the server shows that it knows the verifier") {
  const VerifierFixture site;
  site.write_user("{ARGON2ID}x", scram_word());
  bool is_the_server = false;
  const auto verdict = log_in(site, ScramClient("alice", "wonderland"), &is_the_server);
  CHECK(verdict.kind == Kind::granted);
  CHECK(is_the_server);
  CHECK(text_of(verdict.name) == "alice");
  CHECK(text_of(verdict.maildir) == "/mail/alice");
  CHECK(log_in(site, ScramClient("alice", "Wonderland"), &is_the_server).kind == Kind::refused);
  CHECK_FALSE(is_the_server);
  CHECK(site.has_logged("event=login-failed reason=wrong-password user=alice"));
}

TEST_CASE("a SCRAM verifier in the place of the hash is used") {
  const VerifierFixture site;
  site.write_user(passwords::to_text(stored_verifier()));
  CHECK(log_in(site, ScramClient("alice", "wonderland")).kind == Kind::granted);
}

TEST_CASE("an offer has the user's salt and iterations, and grants nothing else") {
  const VerifierFixture site;
  site.write_user("{ARGON2ID}x", scram_word());
  const auto verdict = first_step(site, ScramClient("alice", ""));
  CHECK(verdict.kind == Kind::granted);
  const auto offer = offer_in(verdict);
  CHECK(offer.salt == stored_verifier().salt);
  CHECK(offer.iterations == stored_verifier().iterations);
  CHECK(text_of(verdict.maildir).empty());
  CHECK_FALSE(is_acceptable(verdict, site.settings, geteuid()));
  CHECK(site.log().empty());
}

TEST_CASE("unknown names and names without a verifier get usual offers, always the same") {
  const VerifierFixture site;
  site.write(support::user_line("alice", "{ARGON2ID}x", scram_word()) + "\n" +
             support::user_line("bob", "{ARGON2ID}x") + "\n" +
             support::user_line("carol", "!{ARGON2ID}x", scram_word()));
  std::set<std::string> salts;
  const std::string names[] = {"bob", "carol", "dave", "", "a:b", "../x", std::string(255, 'n')};
  for (const auto& name : names) {
    CAPTURE(name);
    const auto offer = offer_in(first_step(site, ScramClient(name, "")));
    const auto again = offer_in(first_step(site, ScramClient(name, "")));
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

TEST_CASE("a verifier of the password before the last is of no use") {
  const VerifierFixture site;
  site.write_user("{ARGON2ID}changed", scram_word());
  CHECK(log_in(site, ScramClient("alice", "wonderland")).kind == Kind::refused);
  CHECK(site.has_logged("reason=no-scram-verifier"));
}

TEST_CASE("a proof for another nonce of ours, name or message does not fit") {
  const VerifierFixture site;
  site.write_user("{ARGON2ID}x", scram_word());
  ScramClient client("alice", "wonderland");
  const ScramExchange seen{client.start, offer_in(first_step(site, client))};
  const auto last = client.answer(seen.offer);
  const auto kind = [&](const ScramExchange& exchange) {
    const ScramProof proof{exchange, last};
    return site.ask(&proof).kind;
  };
  REQUIRE(kind(seen) == Kind::granted);
  auto replayed = seen;
  replayed.offer.nonce = "another-nonce";
  CHECK(kind(replayed) == Kind::refused);
  auto changed = seen;
  changed.start.message_bare += ",x=y";
  CHECK(kind(changed) == Kind::refused);
  auto cheaper = seen;
  cheaper.offer.iterations -= 1;
  CHECK(kind(cheaper) == Kind::refused);
}

TEST_CASE("all rights are asked for after a right proof as well") {
  const VerifierFixture site;
  const auto refusal = [&](const std::string& words) {
    site.write_user("{ARGON2ID}x", words + " " + scram_word());
    const auto verdict = log_in(site, ScramClient("alice", "wonderland"));
    CHECK(verdict.kind == Kind::refused);
    return std::string(text_of(verdict.hint));
  };
  CHECK(refusal("nologin=moved") == "moved");
  CHECK(refusal("sodapop_app_passwords_only=yes") == "this account needs an app password");
  CHECK(refusal("allow_nets=198.51.100.0/24").empty());
  site.write_user("{ARGON2ID}x", "nologin=moved " + scram_word());
  CHECK(text_of(log_in(site, ScramClient("alice", "wrong")).hint).empty());
}

TEST_CASE("a site key that others can read is a reason to refuse logins, and to log it") {
  const VerifierFixture site;
  site.write_user("{ARGON2ID}x", scram_word());
  REQUIRE(first_step(site, ScramClient("alice", "")).kind == Kind::granted);
  chmod(site.dir.path("site-key").c_str(), 0644);
  CHECK(first_step(site, ScramClient("alice", "")).kind == Kind::permanent);
  CHECK(site.has_logged("event=unavailable reason=site-key-refused"));
}

TEST_CASE("the name of SCRAM is one by the site's rules") {
  VerifierFixture site;
  site.write(support::user_line("alice@example.org", "{ARGON2ID}x", scram_word()) + "\n" +
             support::user_line("bob", "{ARGON2ID}x", scram_word()));
  site.settings.name_case = config::Settings::NameCase::lower;
  site.settings.require_domain = true;
  CHECK(log_in(site, ScramClient("bob", "wonderland")).kind == Kind::refused);
  CHECK(site.has_logged("event=login-failed reason=no-domain user=bob"));
  site.settings.default_domain = "example.org";
  CHECK(log_in(site, ScramClient("Alice", "wonderland")).kind == Kind::granted);
}
