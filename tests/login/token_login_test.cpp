// SPDX-License-Identifier: ISC
#include "base/time_of_day.hpp"
#include "support/login_fixture.hpp"
#include "tokens/signer.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace login;
using Kind = verifier::Verdict::Kind;

namespace {

const Signer signer(1);

struct TokenFixture : support::LoginFixture {
  TokenFixture() {
    settings.oauth_keys = dir.path("keys");
    settings.oauth_issuer = "https://id.example.org";
    settings.oauth_audience = "pop.example.org";
    write(support::user_line("alice@example.org", "*"));
    publish("{\"keys\":[" + signer.key(R"(,"kid":"one")") + "]}");
  }
  void publish(const std::string& text) const {
    support::write_file(settings.oauth_keys, text);
    chmod(settings.oauth_keys.c_str(), 0644);
  }
  static std::string token(const std::string& user, std::int64_t seconds = 3600) {
    const auto end = std::to_string(base::seconds_since_1970() + seconds);
    return signer.token(R"({"alg":"EdDSA","kid":"one"})",
                        R"({"iss":"https://id.example.org","aud":"pop.example.org","exp":)" + end +
                            R"(,"email_verified":true,"email":")" + user + "\"}");
  }
  verifier::Verdict ask_with(std::string_view token, std::string_view said = "") const {
    const auto request = support::login_request(said, token, pop3::Mechanism::oauthbearer);
    return ask(request);
  }
};

} // namespace

TEST_CASE("a good token names the user, whether the client does or not") {
  const TokenFixture site;
  const auto token = site.token("alice@example.org");
  CHECK(site.ask_with(token).name == "alice@example.org");
  CHECK(site.ask_with(token, "alice@example.org").kind == Kind::granted);
  CHECK(site.ask_with(token, "bob@example.org").kind == Kind::refused);
  CHECK(site.has_logged("event=login-failed reason=other-name-than-token user=alice@example.org"));
  CHECK(site.ask_with(site.token("bob@example.org")).kind == Kind::refused);
  CHECK(site.has_logged("event=login-failed reason=unknown-user user=bob@example.org"));
  CHECK(site.log().find(token) == std::string::npos);
}

TEST_CASE("a bad token is refused for what is wrong with it") {
  const TokenFixture site;
  CHECK(site.ask_with(site.token("alice@example.org", -3600)).kind == Kind::refused);
  CHECK(site.has_logged("event=login-failed reason=token-expired"));
  CHECK(site.ask_with("", "alice@example.org").kind == Kind::refused);
  CHECK(site.has_logged("event=login-failed reason=token-malformed user=alice@example.org"));
  auto forged = site.token("alice@example.org");
  forged.back() = forged.back() == 'A' ? 'Q' : 'A';
  CHECK(site.ask_with(forged).kind == Kind::refused);
}

TEST_CASE("keys that are not to be used are the site's mistake") {
  const TokenFixture site;
  site.publish("no JSON");
  CHECK(site.ask_with(site.token("alice@example.org")).kind == Kind::permanent);
  CHECK(site.has_logged("event=unavailable reason=oauth-keys-refused"));
  site.publish("{\"keys\":[" + signer.key() + "]}");
  chmod(site.settings.oauth_keys.c_str(), 0666);
  CHECK(site.ask_with(site.token("alice@example.org")).kind == Kind::permanent);
}
