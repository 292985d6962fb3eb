// SPDX-License-Identifier: ISC
#include "users/scram_entry.hpp"

#include "users/user.hpp"

#include <doctest/doctest.h>

using users::scram_entry;
using users::scram_iterations_of;
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

TEST_CASE("a user for whom no password is right has no verifier") {
  for (const std::string hash : {"", "*", "!", "!{ARGON2ID}some hash"}) {
    CAPTURE(hash);
    CHECK_FALSE(verifier_of(user(hash, scram_entry(verifier(), hash))));
  }
  CHECK_FALSE(verifier_of(user("!" + to_text(verifier()))));
}

TEST_CASE("iterations are those of sodapop_scram, or of a hash that is a SCRAM verifier") {
  const auto of = [](std::uint32_t iterations) {
    return to_text(passwords::ScramVerifier{iterations, "0123456789abcdef", {}, {}});
  };
  auto owner = user("{ARGON2ID}some hash");
  CHECK(scram_iterations_of(owner) == 0);
  owner.scram = of(5000) + ";0123456789abcdef";
  CHECK(scram_iterations_of(owner) == 5000);
  CHECK(scram_iterations_of(user(of(6000))) == 6000);
  owner.scram = "{SCRAM-SHA-256}nonsense";
  CHECK(scram_iterations_of(owner) == 0);
}
