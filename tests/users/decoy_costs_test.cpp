// SPDX-License-Identifier: ISC
#include "users/decoy_costs.hpp"

#include "passwords/password_hash.hpp"
#include "passwords/scram_verifier.hpp"

#include <doctest/doctest.h>

using users::DecoyCosts;
using users::scram_iterations_of;
using users::User;

namespace {

User with_hash(const std::string& hash) {
  User user;
  user.hash = hash;
  return user;
}

std::string argon2(unsigned kibibytes) {
  return passwords::decoy({std::uint64_t{kibibytes} << 10, 1});
}

std::string scram(std::uint32_t iterations) {
  return to_text(passwords::ScramVerifier{iterations, "0123456789abcdef", {}, {}});
}

} // namespace

TEST_CASE("one hash of each scheme and cost is kept, in the order of the users") {
  DecoyCosts costs;
  const auto sha512 = "{SHA512-CRYPT}$6$saltsalt$" + std::string(86, 'x');
  for (const auto& hash : {argon2(16), argon2(8), argon2(16), sha512, argon2(8), sha512})
    costs.consider(with_hash(hash));
  REQUIRE(costs.decoys.size() == 3);
  CHECK(costs.decoys[0] == argon2(16));
  CHECK(costs.decoys[1] == argon2(8));
  CHECK(*passwords::cost_of(costs.decoys[2]) == *passwords::cost_of(sha512));
}

TEST_CASE("nothing of a hash is left in what is kept") {
  DecoyCosts costs;
  const auto hash = passwords::make(base::Secret("right"), passwords::least_cost);
  costs.consider(with_hash(hash));
  REQUIRE(costs.decoys.size() == 1);
  CHECK(costs.decoys[0].find(hash.substr(hash.rfind('$') + 1)) == std::string::npos);
  CHECK_FALSE(passwords::verify(costs.decoys[0], base::Secret("right")));
}

TEST_CASE("text that is no hash is passed over") {
  DecoyCosts costs;
  for (const auto* hash : {"", "*", "!", "{PLAIN}x", "{ARGON2ID}x"})
    costs.consider(with_hash(hash));
  costs.consider(with_hash("!" + argon2(8)));
  CHECK(costs.decoys.empty());
}

TEST_CASE("no more costs are kept than the limit") {
  DecoyCosts costs;
  for (unsigned i = 0; i <= DecoyCosts::max_decoys; ++i) {
    CHECK(costs.decoys.size() == i);
    costs.consider(with_hash(argon2(8 + i)));
  }
  CHECK(costs.decoys.size() == DecoyCosts::max_decoys);
  CHECK(costs.decoys.back() == argon2(8 + DecoyCosts::max_decoys - 1));
}

TEST_CASE("iterations are those of sodapop_scram, or of a hash that is a SCRAM verifier") {
  auto user = with_hash(argon2(8));
  CHECK(scram_iterations_of(user) == 0);
  user.scram = scram(5000) + ";0123456789abcdef";
  CHECK(scram_iterations_of(user) == 5000);
  CHECK(scram_iterations_of(with_hash(scram(6000))) == 6000);
  user.scram = "{SCRAM-SHA-256}nonsense";
  CHECK(scram_iterations_of(user) == 0);
}

TEST_CASE("the first verifier's iterations count") {
  DecoyCosts costs;
  for (const auto& hash : {argon2(8), scram(7000), scram(8000)})
    costs.consider(with_hash(hash));
  CHECK(costs.scram_iterations == 7000);
}
