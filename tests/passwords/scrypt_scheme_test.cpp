// SPDX-License-Identifier: ISC
#include "passwords/password_hash.hpp"

#include <doctest/doctest.h>

using base::Secret;
using passwords::Cost;
using passwords::cost_of;
using passwords::verify;

namespace hash_problem = passwords::hash_problem;

namespace {

std::string scrypt(const std::string& settings, std::size_t salt = 4, std::size_t output = 43) {
  return "$7$" + settings + std::string(salt, 'a') + "$" + std::string(output, '.');
}

bool is_malformed(const std::string& stored) {
  const auto cost = cost_of(stored);
  CAPTURE(stored);
  return !cost && cost.error() == hash_problem::malformed;
}

} // namespace

TEST_CASE("the examples of RFC 7914 section 12 in this notation are right") {
  CHECK(
      verify("$7$86....E....NaCl$xffjQo7Bm/.SKRS4B2EuynbOLjAmXU5AbDbRXhoBl64", Secret("password")));
  CHECK(verify("$7$C6..../....SodiumChloride$kBGj9fHznVYFQMEn/qDCfrDevf9YDtcDdKvEqHJLV8D",
               Secret("pleaseletmein")));
}

TEST_CASE("strings of libsodium fit their password and no other, with a NUL too") {
  const std::string hash = "$7$86..../....LRU7RBuX2rqmTDo5nZ5ejIQ0KD5r0BTYMEua.R0pi3/$"
                           "yL6wWr5heMY0mvviHpREObrDhzpntfDpD1/4jZwXeTC";
  CHECK(verify(hash, Secret("correct horse")));
  CHECK(verify("{SCRYPT}" + hash, Secret("correct horse")));
  CHECK(verify("{CRYPT}" + hash, Secret("correct horse")));
  for (const auto* wrong : {"", "correct horsf", "correct horse "})
    CHECK_FALSE(verify(hash, Secret(wrong)));
  const std::string other = "$7$86..../....DugaE8ov19HBPoT/DeLKCqbIZENGjayddXkwggCsG96$"
                            "Y9CALm8gqlsrTjHtpdgvo9Ps2RsGhGVDwfGP8z3mze0";
  CHECK(verify(other, Secret(std::string("correct\0horse", 13))));
  CHECK_FALSE(verify(other, Secret("correct")));
}

TEST_CASE("a hash of mkpasswd is right, too") {
  CHECK(verify("$7$CU..../....DiotC4xLrQBxMVFIXujAK1$uMkHQSGCyQS1/NRkxjKM04TTBElVze.X7Zw.hlJO3Q5",
               Secret("correct horse")));
}

TEST_CASE("scrypt costs a lane's memory, and 4 MiB of each lane are an operation") {
  CHECK(*cost_of(scrypt("C6..../....")) == Cost{(16 << 20) + 1024, 4});
  CHECK(*cost_of(scrypt("A6..../....")) == Cost{(4 << 20) + 1024, 1});
  CHECK(*cost_of(scrypt("A6....0....")) == Cost{(4 << 20) + 2048, 2});
}

TEST_CASE("parameters are within bounds that keep the cost a number") {
  CHECK(cost_of(scrypt("//..../....")).has_value());
  CHECK(cost_of(scrypt("T/..../....")).has_value());
  CHECK(cost_of(scrypt("Tzzzz./....")).has_value());
  for (const auto* bad : {"./..../....", "U/..../....", "//.........", "/...../....", "-/..../....",
                          "/-..../....", "//....-....", "//..../..=."})
    CHECK(is_malformed(scrypt(bad)));
  for (const auto* cut :
       {"", "/", "//...", "//....", "//..../...", "//..../....", "//..../....a", "//..../....a$"})
    CHECK(is_malformed("$7$" + std::string(cut)));
}

TEST_CASE("the product of r and p is below 2^24") {
  CHECK(cost_of(scrypt("//..../....")).has_value()); // 1 and 1
  CHECK(cost_of(scrypt("/zzzz./....")).has_value()); // 2^24 - 1 and 1
  CHECK(is_malformed(scrypt("/..../.....")));        // 0
  CHECK(is_malformed(scrypt("/..../"
                            "/....")));       // 2^24 and 1
  CHECK(is_malformed(scrypt("/zzzz.0...."))); // 2^24 - 1 and 2
  CHECK(is_malformed(scrypt("/zzzzzzzzzz")));
}

TEST_CASE("a salt has 1 to 86 characters and the output 43") {
  const std::string cost = "/6..../....";
  CHECK(cost_of(scrypt(cost, 1)).has_value());
  CHECK(cost_of(scrypt(cost, 86)).has_value());
  CHECK(is_malformed(scrypt(cost, 0)));
  CHECK(is_malformed(scrypt(cost, 87)));
  CHECK(is_malformed(scrypt(cost, 4, 42)));
  CHECK(is_malformed(scrypt(cost, 4, 44)));
  CHECK(is_malformed(scrypt(cost, 4, 42) + '='));
  CHECK(is_malformed("$7$" + cost + "sa+t$" + std::string(43, '.')));
  CHECK(is_malformed("$7$" + cost + "salt"));
}
