// SPDX-License-Identifier: ISC
#include "credentials/password_hash.hpp"

#include "configuration_paths.hpp"

#include <doctest/doctest.h>
#include <set>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

using base::Secret;
using credentials::Cost;
using credentials::cost_of;
using credentials::HashProblem;
using credentials::least_cost;
using credentials::make;
using credentials::verify;

namespace {

/// Made by the reference implementation's own program for `correct horse`.
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
};

std::string argon2(const std::string& parameters, std::size_t salt = 22, std::size_t output = 43) {
  return "$argon2id$" + parameters + "$" + std::string(salt, 'A') + "$" + std::string(output, 'A');
}

HashProblem problem(const std::string& stored) {
  const auto cost = cost_of(stored);
  CAPTURE(stored);
  REQUIRE_FALSE(cost.has_value());
  return cost.error();
}

} // namespace

TEST_CASE("a hash that was made fits its password and no other") {
  const auto stored = make(Secret("pass word"), least_cost);
  CHECK(stored.starts_with("{ARGON2ID}$argon2id$v=19$m=8,t=1,p=1$"));
  CHECK(verify(stored, Secret("pass word")));
  for (const auto* wrong : {"", "pass", "pass word ", "Pass word"})
    CHECK_FALSE(verify(stored, Secret(wrong)));
}

TEST_CASE("a password may hold any octet and have any length") {
  const std::string with_nul("a\0b", 3), longest(1024, '\xff');
  CHECK(verify(make(Secret(with_nul), least_cost), Secret(with_nul)));
  CHECK_FALSE(verify(make(Secret(with_nul), least_cost), Secret("a")));
  CHECK(verify(make(Secret(longest), least_cost), Secret(longest)));
}

TEST_CASE("the same password gives another hash each time") {
  CHECK(make(Secret("x"), least_cost) != make(Secret("x"), least_cost));
}

TEST_CASE("hashes of the reference implementation are understood, with several lanes too") {
  for (const auto& known : foreign) {
    CAPTURE(known.hash);
    CHECK(verify(known.hash, Secret("correct horse")));
    CHECK_FALSE(verify(known.hash, Secret("correct horsf")));
    CHECK(*cost_of(known.hash) == known.cost);
  }
}

TEST_CASE("a scheme is named in capitals or not, or told by the hash itself") {
  const std::string id = foreign[0].hash, i = foreign[2].hash;
  for (const std::string prefix : {"", "{ARGON2ID}", "{argon2id}", "{Argon2Id}"}) {
    CHECK(verify(prefix + id, Secret("correct horse")));
    CHECK(*credentials::scheme_of(prefix + id) == "ARGON2ID");
  }
  CHECK(verify("{ARGON2I}" + i, Secret("correct horse")));
  CHECK(*credentials::scheme_of(i) == "ARGON2I");
}

TEST_CASE("unknown schemes are told from malformed hashes") {
  const std::string id = foreign[0].hash;
  for (const auto& stored : std::initializer_list<std::string>{
           "", "secret", "{PLAIN}secret", "{ARGON2ID", "{ARGON2}" + id, "{}" + id,
           "{ARGON2ID.b64}" + id, "{ARGON2IDX}" + id, " " + id, "$2y$10$abc",
           "$argon2d$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAA"}) {
    CHECK(problem(stored) == HashProblem::unknown_scheme);
    CHECK_FALSE(credentials::scheme_of(stored).has_value());
    CHECK_FALSE(verify(stored, Secret("correct horse")));
  }
  CHECK(problem("{ARGON2I}" + id) == HashProblem::malformed);
  CHECK_FALSE(verify("{ARGON2I}" + id, Secret("correct horse")));
  CHECK(problem("{ARGON2ID}") == HashProblem::malformed);
  CHECK(problem("{ARGON2ID}secret") == HashProblem::malformed);
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
    CHECK(problem(argon2(bad)) == HashProblem::malformed);
}

TEST_CASE("each lane needs 8 KiB") {
  CHECK(problem(argon2("v=19$m=7,t=1,p=1")) == HashProblem::malformed);
  CHECK(problem(argon2("v=19$m=31,t=1,p=4")) == HashProblem::malformed);
  CHECK(cost_of(argon2("v=19$m=32,t=1,p=4")).has_value());
  CHECK(problem(argon2("v=19$m=4294967295,t=1,p=16777216")) == HashProblem::malformed);
}

TEST_CASE("salt and output are base64 of 8 and 16 octets or more, and the whole is bounded") {
  const std::string cost = "v=19$m=8,t=1,p=1";
  CHECK(cost_of(argon2(cost, 11, 22)).has_value());
  CHECK(problem(argon2(cost, 10, 22)) == HashProblem::malformed);
  CHECK(problem(argon2(cost, 11, 20)) == HashProblem::malformed);
  CHECK(problem(argon2(cost, 13, 22)) == HashProblem::malformed);
  CHECK(problem(argon2(cost, 0, 22)) == HashProblem::malformed);
  CHECK(problem(argon2(cost) + "=") == HashProblem::malformed);
  CHECK(problem(argon2(cost) + "$") == HashProblem::malformed);
  CHECK(problem(argon2(cost) + "\n") == HashProblem::malformed);
  CHECK(problem(argon2(cost, 22, 0)) == HashProblem::malformed);
  const std::size_t rest = argon2(cost, 22, 0).size();
  CHECK(cost_of(argon2(cost, 22, 512 - rest)).has_value());
  CHECK(problem(argon2(cost, 22, 513 - rest)) == HashProblem::malformed);
}

TEST_CASE("a decoy is well-formed, costs what was asked for and fits no likely password") {
  const Cost cost{16384, 2};
  const auto decoy = credentials::decoy(cost);
  CHECK(*cost_of(decoy) == cost);
  CHECK(*cost_of(make(Secret("x"), cost)) == cost);
  CHECK(decoy.size() == make(Secret("x"), cost).size());
  for (const auto* password : {"", "x", "password"})
    CHECK_FALSE(verify(decoy, Secret(password)));
}

TEST_CASE("a cost is within a ceiling when neither part is above it") {
  const Cost ceiling{1024, 2};
  CHECK(within({1024, 2}, ceiling));
  CHECK(within({1023, 1}, ceiling));
  CHECK_FALSE(within({1025, 1}, ceiling));
  CHECK_FALSE(within({1, 3}, ceiling));
}

TEST_CASE("the presets are there, from OWASP's 19 MiB and two passes up") {
  std::set<std::string_view> names;
  for (const auto& preset : credentials::presets()) {
    names.insert(preset.name);
    CHECK(within(credentials::owasp_cost, preset.cost));
  }
  CHECK(names == std::set<std::string_view>{"owasp", "interactive", "moderate", "sensitive"});
  CHECK(credentials::owasp_cost == Cost{19922944, 2});
}

TEST_CASE("memory that cannot be had is a failure, not a wrong password" *
          doctest::skip(SODAPOP_SANITIZED != 0)) {
  const auto stored = credentials::decoy({512ull << 20, 1});
  const auto child = ::fork();
  if (child == 0) {
    const rlimit limit{256u << 20, 256u << 20};
    ::setrlimit(RLIMIT_AS, &limit);
    try {
      verify(stored, Secret("x"));
      ::_exit(1);
    } catch (const std::system_error& error) {
      ::_exit(error.code().value() == ENOMEM ? 0 : 2);
    }
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}
