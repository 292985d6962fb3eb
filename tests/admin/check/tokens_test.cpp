// SPDX-License-Identifier: ISC
#include "check_fixture.hpp"
#include "tokens/signer.hpp"

#include <doctest/doctest.h>

using support::CheckFixture;
using support::Found;

namespace {

struct TokensFixture : CheckFixture {
  explicit TokensFixture(const std::string& keys, mode_t mode = 0644) {
    auto& settings = context.settings;
    settings.oauth_keys = scratch.write("keys", keys, mode);
    settings.oauth_issuer = "https://id.example.org";
    settings.oauth_audience = "pop.example.org";
  }
  Found found_of_tokens() const {
    return found([&](auto& findings) { check_tokens(context, findings); });
  }
};

std::string key_set() {
  return "{\"keys\":[" + Signer(1).key() + "]}";
}

} // namespace

TEST_CASE("a set of keys that is in order has no findings, and neither has a site without keys") {
  CHECK(TokensFixture(key_set()).found_of_tokens().empty());
  const CheckFixture without;
  CHECK(without.found([&](auto& findings) { check_tokens(without.context, findings); }).empty());
}

TEST_CASE("keys that are malformed, unsafe or unused are found") {
  CHECK(TokensFixture("no JSON").found_of_tokens() == Found{"error oauth-keys-malformed"});
  CHECK(TokensFixture(key_set(), 0666).found_of_tokens() == Found{"error oauth-keys-unsafe"});
  const auto with_other = "{\"keys\":[" + Signer(1).key() + R"(,{"kty":"X"}]})";
  CHECK(TokensFixture(with_other).found_of_tokens() == Found{"warning oauth-key-unused"});
  TokensFixture missing(key_set());
  missing.context.settings.oauth_keys += "-missing";
  CHECK(missing.found_of_tokens() == Found{"error oauth-keys-unreadable"});
}

TEST_CASE("tokens without an issuer and an audience are an error") {
  TokensFixture fixture(key_set());
  fixture.context.settings.oauth_audience.clear();
  CHECK(fixture.found_of_tokens() == Found{"error oauth-settings"});
}
