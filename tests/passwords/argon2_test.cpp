// SPDX-License-Identifier: ISC
#include "passwords/argon2.hpp"

#include "passwords/password_hash.hpp"

#include <doctest/doctest.h>

using base::Secret;
using passwords::Cost;
using passwords::cost_of;
using passwords::verify;

namespace hash_problem = passwords::hash_problem;

namespace {

/// Hashes of `correct horse` by the reference implementation's program, the last two by Dovecot.
struct Foreign {
  const char* hash;
  Cost cost;
};
constexpr Foreign foreign[] = {
    {"$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0$Kw3/ZjLNvvrvmWv7DSmJdvIaVuO5yzpUAyMmNiCnHLI",
     {65536, 1}},
    {"$argon2id$v=19$m=64,t=1,p=4$c2FsdHNhbHRzYWx0$18pBk48syS8n98MxubTgocw2hDQ4Ik4SvmJVE33KEDw",
     {65536, 1}},
    {"$argon2i$v=19$m=64,t=3,p=1$c2FsdHNhbHRzYWx0$8r/eQ+5T7xhKceE3lguPXLEW4ZkX1anJJPDfkUzFGv0",
     {65536, 3}},
    {"$argon2i$v=19$m=64,t=3,p=2$c2FsdHNhbHRzYWx0$e9JmbwCS+qER3C4GcMyIg3/nbhH8SYEMt8iT59vt0yY",
     {65536, 3}},
    {"{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$LI74RVhF9xYV2X4Mjl1gKA$"
     "ac+m7prsMTC7BEWv17t85ZCqXZNdGOZtZXd1YVCTouU",
     {65536 * 1024, 3}},
    {"{ARGON2I}$argon2i$v=19$m=32768,t=4,p=1$LCwJ8ol84uTBSKYjAMaIkw$"
     "z3Nh4QxZvtRplTNvgD3v4QDWWFE4lRYX6r6FyLg6p8Y",
     {32768 * 1024, 4}},
};

std::string argon2(const std::string& parameters, std::size_t salt = 22, std::size_t output = 43) {
  return "$argon2id$" + parameters + "$" + std::string(salt, 'A') + "$" + std::string(output, 'A');
}

bool is_malformed(const std::string& stored) {
  const auto cost = cost_of(stored);
  CAPTURE(stored);
  return !cost && cost.error() == hash_problem::malformed;
}

} // namespace

TEST_CASE("hashes of the reference implementation are understood, with several lanes too") {
  for (const auto& known : foreign) {
    CAPTURE(known.hash);
    CHECK(verify(known.hash, Secret("correct horse")));
    CHECK_FALSE(verify(known.hash, Secret("correct horsf")));
    CHECK(*cost_of(known.hash) == known.cost);
  }
}

TEST_CASE("costs are read up to 32 bits and no further") {
  CHECK(*cost_of(argon2("v=19$m=8,t=1,p=1")) == Cost{8192, 1});
  CHECK(*cost_of(argon2("v=19$m=4294967295,t=4294967295,p=1")) ==
        Cost{4294967295ull * 1024, 4294967295});
  for (const auto* bad : {"v=19$m=4294967296,t=1,p=1",
                          "v=19$m=8,t=4294967296,p=1",
                          "v=19$m=18446744073709551624,t=1,p=1",
                          "v=19$m=0,t=1,p=1",
                          "v=19$m=8,t=0,p=1",
                          "v=19$m=8,t=1,p=0",
                          "v=19$m=08,t=1,p=1",
                          "v=19$m=+8,t=1,p=1",
                          "v=19$m=-8,t=1,p=1",
                          "v=19$m= 8,t=1,p=1",
                          "v=19$m=8 ,t=1,p=1",
                          "v=19$m=,t=1,p=1",
                          "v=19$m=8,t=1",
                          "v=19$t=1,m=8,p=1",
                          "v=19$m=8,t=1,p=1,keyid=x",
                          "v=16$m=8,t=1,p=1",
                          "v=190$m=8,t=1,p=1",
                          "m=8,t=1,p=1",
                          "v=19$m=8;t=1;p=1",
                          "v=19$m=0x8,t=1,p=1"})
    CHECK(is_malformed(argon2(bad)));
}

TEST_CASE("each lane needs 8 KiB") {
  CHECK(is_malformed(argon2("v=19$m=7,t=1,p=1")));
  CHECK(is_malformed(argon2("v=19$m=31,t=1,p=4")));
  CHECK(cost_of(argon2("v=19$m=32,t=1,p=4")).has_value());
  CHECK(is_malformed(argon2("v=19$m=4294967295,t=1,p=16777216")));
}

TEST_CASE("a salt is base64 of 8 to 64 octets, an output of a length that programs make") {
  const std::string cost = "v=19$m=8,t=1,p=1";
  CHECK(cost_of(argon2(cost, 11, 22)).has_value());
  CHECK(cost_of(argon2(cost, 86, 22)).has_value());
  for (const std::size_t salt : {0, 10, 13, 87, 88})
    CHECK(is_malformed(argon2(cost, salt, 22)));
  for (const std::size_t octets : {16, 24, 32, 48, 64}) {
    CHECK(cost_of(argon2(cost, 22, (octets * 8 + 5) / 6)).has_value());
    CHECK(is_malformed(argon2(cost, 22, (octets * 8 - 8 + 5) / 6)));
    CHECK(is_malformed(argon2(cost, 22, (octets * 8 + 8 + 5) / 6)));
  }
  CHECK(is_malformed(argon2(cost) + "="));
  CHECK(is_malformed(argon2(cost) + "$"));
  CHECK(is_malformed(argon2(cost) + "\n"));
  CHECK(is_malformed(argon2(cost, 22, 0)));
  CHECK(is_malformed(argon2(cost, 22, 128)));
  const auto salt = [&](const std::string& text) {
    return "$argon2id$" + cost + "$" + text + "$" + std::string(22, 'A');
  };
  CHECK(cost_of(salt("AAAAAAAAAAA")).has_value());
  CHECK(is_malformed(salt("AAAAAAAAAAB"))); // libsodium would find no password right for it
  CHECK(is_malformed(salt("AAAAAAAAAA_")));
}

TEST_CASE("a hash with 1 to 10 characters missing at its end is malformed") {
  for (const std::string hash : {foreign[0].hash, foreign[4].hash, foreign[5].hash})
    for (std::size_t missing = 1; missing <= 10; ++missing)
      CHECK(is_malformed(hash.substr(0, hash.size() - missing)));
  for (const std::size_t output : {22, 32, 43, 64, 86})
    for (std::size_t missing = 1; missing <= 9; ++missing)
      CHECK(is_malformed(argon2("v=19$m=8,t=1,p=1", 22, output - missing)));
}
