// SPDX-License-Identifier: ISC
#include "users/scram_entry.hpp"

#include "users/user.hpp"

#include <doctest/doctest.h>

using users::scram_entry;
using users::ScramTally;
using users::verifier_of;

namespace {

const passwords::ScramVerifier& verifier() {
  static const auto made =
      passwords::make_scram(base::Secret("wonderland"), passwords::least_scram_iterations);
  return made;
}

users::User user(std::string hash, std::string scram = "") {
  users::User user;
  user.hash = std::move(hash);
  user.scram = std::move(scram);
  return user;
}

} // namespace

TEST_CASE("a verifier beside the hash that it was made for is the user's") {
  const std::string hash = "{ARGON2ID}some hash";
  CHECK(verifier_of(user(hash, scram_entry(verifier(), hash))) == verifier());
}

TEST_CASE("a verifier that was made for another hash is not used") {
  const std::string hash = "{ARGON2ID}some hash";
  const auto entry = scram_entry(verifier(), hash);
  CHECK_FALSE(verifier_of(user("{ARGON2ID}another hash", entry)));
  CHECK_FALSE(verifier_of(user(hash, to_text(verifier()))));       // no tag
  CHECK_FALSE(verifier_of(user(hash, to_text(verifier()) + ";"))); // an empty tag
  CHECK_FALSE(verifier_of(user(hash, entry + "0")));               // a tag that is too long
  CHECK_FALSE(verifier_of(user(hash, entry.substr(0, entry.size() - 1))));
  CHECK_FALSE(verifier_of(user(hash)));
}

TEST_CASE("a hash that is a verifier goes before one that is beside it") {
  const auto text = to_text(verifier());
  CHECK(verifier_of(user(text)) == verifier());
  const auto other =
      passwords::make_scram(base::Secret("other"), passwords::least_scram_iterations);
  CHECK(verifier_of(user(text, scram_entry(other, text))) == verifier());
}

TEST_CASE("what a user has of SCRAM is named") {
  using users::scram_state;
  using enum users::ScramState;
  const std::string hash = "{ARGON2ID}some hash", text = to_text(verifier());
  const auto entry = scram_entry(verifier(), hash);
  CHECK(scram_state(user(hash)) == none);
  CHECK(scram_state(user("")) == none);
  CHECK(scram_state(user(hash, entry)) == beside);
  CHECK(scram_state(user(hash + "x", entry)) == stale);
  CHECK(scram_state(user(hash, text)) == malformed);
  CHECK(scram_state(user(hash, "x;y")) == malformed);
  CHECK(scram_state(user("!" + hash, entry)) == disabled);
  CHECK(scram_state(user(text)) == the_hash);
  CHECK(scram_state(user(text, "x;y")) == the_hash);
  CHECK(scram_state(user(text.substr(0, text.size() - 1))) == malformed);
  CHECK(scram_state(user("{SCRAM-SHA-256}!" + text.substr(15), entry)) == disabled);
}

TEST_CASE("a user for whom no password is right has no verifier") {
  for (const std::string hash : {"", "*", "!", "!{ARGON2ID}some hash"}) {
    CAPTURE(hash);
    CHECK_FALSE(verifier_of(user(hash, scram_entry(verifier(), hash))));
  }
  CHECK_FALSE(verifier_of(user("!" + to_text(verifier()))));
}

TEST_CASE("what most verifiers have is told, with iterations and the length of the salt") {
  const auto of = [](std::uint32_t iterations, std::size_t salt) {
    return to_text(passwords::ScramVerifier{iterations, std::string(salt, 's'), {}, {}});
  };
  const auto beside = [&](const std::string& text) { return user("{ARGON2ID}x", text + ";tag"); };
  ScramTally tally;
  CHECK(tally.most_common() == passwords::ScramParameters());
  tally.count(user("{ARGON2ID}some hash"));
  tally.count(beside("{SCRAM-SHA-256}nonsense"));
  CHECK(tally.most_common() == passwords::ScramParameters());
  tally.count(beside(of(5000, 16)));
  tally.count(user(of(6000, 16)));
  CHECK(tally.most_common() == passwords::ScramParameters{5000, 16});
  tally.count(user(of(6000, 12)));
  CHECK(tally.most_common() == passwords::ScramParameters{5000, 16});
  tally.count(user(of(6000, 12), of(5000, 16) + ";tag")); // the hash is the verifier
  CHECK(tally.most_common() == passwords::ScramParameters{6000, 12});
}
