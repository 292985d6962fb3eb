// SPDX-License-Identifier: ISC
#include "tokens/keys_file.hpp"

#include "signer.hpp"
#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <system_error>

using tokens::KeySetProblem;
using tokens::KeysFile;
using tokens::problem_with_oauth;

namespace {

config::Settings complete() {
  config::Settings settings;
  settings.oauth_keys = "/etc/sodapop/keys.json";
  settings.oauth_issuer = "https://id.example.org";
  settings.oauth_audience = "pop.example.org";
  return settings;
}

std::string document() {
  return "{\"keys\":[" + Signer(1).key() + "]}";
}

} // namespace

TEST_CASE("tokens are accepted where there is a file of keys, and nowhere by default") {
  CHECK_FALSE(tokens::accepts_tokens(config::Settings()));
  CHECK_FALSE(problem_with_oauth(config::Settings()));
  CHECK(tokens::accepts_tokens(complete()));
  CHECK_FALSE(problem_with_oauth(complete()));
}

TEST_CASE("keys are not enough: issuer, audience and claim have to be set") {
  const std::pair<std::string config::Settings::*, const char*> needed[] = {
      {&config::Settings::oauth_issuer, "oauth-issuer"},
      {&config::Settings::oauth_audience, "oauth-audience"},
      {&config::Settings::oauth_user_claim, "oauth-user-claim"}};
  for (const auto& need : needed) {
    const auto member = need.first;
    const std::string key = need.second;
    auto settings = complete();
    (settings.*member).clear();
    const auto problem = problem_with_oauth(settings);
    REQUIRE_MESSAGE(problem.has_value(), key);
    CHECK(problem->find(key) != std::string::npos);
    settings.oauth_keys.clear();
    CHECK_FALSE(problem_with_oauth(settings));
  }
}

TEST_CASE("a token has to say what the settings say") {
  const auto policy = tokens::token_policy(complete());
  CHECK(policy.issuer == "https://id.example.org");
  CHECK(policy.audience == "pop.example.org");
  CHECK(policy.user_claim == "email");
}

TEST_CASE("the file is read after it was opened, as often as one likes") {
  const Scratch scratch;
  const auto file = KeysFile::open(scratch.write("keys", document()));
  REQUIRE(file.has_value());
  CHECK(file->read()->keys().size() == 1);
  scratch.write("keys", "{");
  CHECK(file->read().error() == KeySetProblem::malformed);
  scratch.write("keys", "");
  CHECK(file->read().error() == KeySetProblem::malformed);
}

TEST_CASE("no more is read of a file than a set of keys may have") {
  const Scratch scratch;
  auto text = document();
  using tokens::max_key_set;
  for (const auto size : {max_key_set - 1, max_key_set, max_key_set + 1, max_key_set * 20}) {
    const bool fits = size <= max_key_set;
    text.resize(size, ' ');
    const auto set = KeysFile::open(scratch.write("keys", text))->read();
    CHECK_MESSAGE(set.has_value() == fits, size);
    if (!fits)
      CHECK(set.error() == KeySetProblem::too_large);
  }
}

TEST_CASE("a file that others may write to gives no keys") {
  const Scratch scratch;
  const auto file = KeysFile::open(scratch.write("keys", document(), 0666));
  REQUIRE_FALSE(file.has_value());
  CHECK(file.error() == base::FileProblem::writable_by_others);
  CHECK_THROWS_AS((void)KeysFile::open(scratch.path("none")), std::system_error);
}
