// SPDX-License-Identifier: ISC
#include "passwords/password_hash.hpp"

#include "configuration_paths.hpp"
#include "support/child.hpp"
#include "support/failing_call.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <doctest/doctest.h>
#include <set>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

using base::Secret;
using passwords::Cost;
using passwords::cost_of;
using passwords::is_outdated;
using passwords::least_cost;
using passwords::make;
using passwords::scheme_of;
using passwords::verify;

namespace hash_problem = passwords::hash_problem;

namespace {

/// Cheap hashes of `correct horse`, one for each prefix.
struct Sample {
  const char* scheme;
  const char* hash;
};
constexpr Sample samples[] = {
    {"ARGON2ID",
     "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0$Kw3/ZjLNvvrvmWv7DSmJdvIaVuO5yzpUAyMmNiCnHLI"},
    {"ARGON2I",
     "$argon2i$v=19$m=64,t=3,p=1$c2FsdHNhbHRzYWx0$8r/eQ+5T7xhKceE3lguPXLEW4ZkX1anJJPDfkUzFGv0"},
    {"SHA512-CRYPT", "$6$rounds=1000$saltsalt$4GMtaIz3E1AdDi2SmCokEW0ehi."
                     "HdxNDcL3fGE1XXuzvo6kbx7UOloZKONqEk5H3JrQA4NOfU8BmqFPrpGqwA1"},
    {"SHA256-CRYPT", "$5$rounds=1000$saltsalt$R6e4P8ccT9iMqkYg7Z8YtpId/lfsIfnuPkp8WXposU8"},
    {"BLF-CRYPT", "$2a$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"},
    {"BLF-CRYPT", "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"},
    {"BLF-CRYPT", "$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"},
    {"YESCRYPT", "$y$j75$abcdefghijkl$pG0KXbHxpjIKguh3BCfALSHrI366WlMzNka7nozr8.8"},
    {"GOST-YESCRYPT", "$gy$j75$abcdefghijkl$mASCt7sl4rWwBxI0co.Ak8I1tDmVuK6b0qgi0kM1fG7"},
    {"SCRYPT", "$7$06..../....abcdefghijkl$FUuSMsl5J1MgiSvjc4BmhalcLy5HQAye2efb2TWD4Q5"},
};
/// A SCRAM verifier as Dovecot writes it, the only hash without a prefix.
constexpr const char* scram_sample =
    "{SCRAM-SHA-256}4096,Vhx9cimdupYwvmDiY4cilw==,MwCfpT5tkTRp/utWoVHfKiFplnCuovoxcQcNOUHljNY=,"
    "45Rih0jVgC+SiYVhxswOKp69JJYORasZZBAdLTAKZ14=";

std::string lower_case(std::string text) {
  for (auto& c : text)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

base::Problem problem(const std::string& stored) {
  const auto cost = cost_of(stored);
  CAPTURE(stored);
  REQUIRE_FALSE(cost.has_value());
  CHECK_FALSE(verify(stored, Secret("correct horse")));
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

TEST_CASE("a scheme is named in capitals or not, by {CRYPT}, or told by the hash itself") {
  for (const auto& [scheme, hash] : samples) {
    const std::string name = scheme;
    for (const auto& prefix : {std::string(), "{" + name + "}", "{" + lower_case(name) + "}",
                               std::string("{CRYPT}"), std::string("{crypt}")}) {
      const auto stored = prefix + hash;
      CAPTURE(stored);
      CHECK(verify(stored, Secret("correct horse")));
      CHECK_FALSE(verify(stored, Secret("correct horsf")));
      CHECK(*scheme_of(stored) == name);
    }
  }
  CHECK(verify(scram_sample, Secret("correct horse")));
  CHECK(*scheme_of(scram_sample) == "SCRAM-SHA-256");
}

TEST_CASE("a scheme with another one's hash is malformed") {
  for (const auto& [scheme, own] : samples)
    for (const auto& [other, hash] : samples)
      if (std::string_view(scheme) != other)
        CHECK(problem("{" + std::string(scheme) + "}" + hash) == hash_problem::malformed);
  for (const auto& [scheme, hash] : samples) {
    CHECK(problem("{" + std::string(scheme) + "}") == hash_problem::malformed);
    CHECK(problem("{" + std::string(scheme) + "}secret") == hash_problem::malformed);
    CHECK(problem("{SCRAM-SHA-256}" + std::string(hash)) == hash_problem::malformed);
  }
}

TEST_CASE("a character less, more or replaced makes a hash malformed") {
  for (const auto& [scheme, sample] : samples) {
    const std::string hash = sample;
    CHECK(problem(hash + '=') == hash_problem::malformed);
    CHECK(problem(hash + '\0') == hash_problem::malformed);
    CHECK(problem(hash + '\n') == hash_problem::malformed);
    CHECK(problem(hash.substr(0, hash.size() - 1) + '*') == hash_problem::malformed);
    CHECK(problem(hash.substr(0, hash.find_last_of('$'))) == hash_problem::malformed);
  }
  for (const auto& [scheme, sample] : samples)
    for (std::size_t missing = 1; missing <= 10; ++missing)
      CHECK(problem(std::string(sample, std::strlen(sample) - missing)) == hash_problem::malformed);
  const std::string scram = scram_sample;
  for (std::size_t missing = 1; missing <= 10; ++missing)
    CHECK(problem(scram.substr(0, scram.size() - missing)) == hash_problem::malformed);
}

TEST_CASE("unknown schemes are told from weak schemes and from malformed hashes") {
  const std::string id = samples[0].hash;
  for (const auto& stored : std::initializer_list<std::string>{
           "",
           "secret",
           "{ARGON2ID",
           "{ARGON2}" + id,
           "{}" + id,
           "{ARGON2ID.b64}" + id,
           "{SHA512-CRYPT.B64}JDYkdjR6",
           "{SHA512-CRYPT.HEX}243624",
           "{ARGON2IDX}" + id,
           " " + id,
           "{CRYPT}",
           "{CRYPT}secret",
           "{CRYPT",
           "{CRYPT.B64}x",
           "{PBKDF2}$1$salt$5000$00",
           "{SCRAM-SHA-1}4096,a,b,c",
           "4096,a,b,c",
           "$2c$10$abc",
           "$x$",
           "$argon2d$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAA"}) {
    CHECK(problem(stored) == hash_problem::unknown_scheme);
    CHECK(scheme_of(stored).error() == hash_problem::unknown_scheme);
  }
  for (const auto& stored : std::initializer_list<std::string>{
           "{PLAIN}secret", "{plain.b64}c2VjcmV0", "{MD5-CRYPT}$1$W/P.tbBp$Xqz51EI./df5Dt6UHlsGf1",
           "{CRYPT}$1$W/P.tbBp$Xqz51EI./df5Dt6UHlsGf1", "$1$W/P.tbBp$Xqz51EI./df5Dt6UHlsGf1",
           "{CRYPT}ahk6T6RyhAihg", "ahk6T6RyhAihg", "{SSHA}wMYH3KtWkS5fvlKzi+W4K4WPjKd0bD34"}) {
    CHECK(problem(stored) == hash_problem::weak_scheme);
    CHECK(scheme_of(stored).error() == hash_problem::weak_scheme);
  }
}

TEST_CASE("weak schemes are known by name, in any case and with any encoding") {
  for (const auto* name :
       {"PLAIN",     "plain",   "CLEARTEXT",  "MD5",       "SMD5",       "MD5-CRYPT",
        "DES-CRYPT", "SHA",     "SHA1",       "SSHA",      "SHA256",     "SSHA256",
        "SHA512",    "SSHA512", "PLAIN-MD5",  "CRAM-MD5",  "LDAP-MD5",   "NTLM",
        "LANMAN",    "OTP",     "DIGEST-MD5", "PLAIN.b64", "SSHA512.HEX"})
    CHECK(problem("{" + std::string(name) + "}x") == hash_problem::weak_scheme);
}

TEST_CASE("supported and unknown schemes are not weak ones") {
  for (const auto* name : {"", ".", "ARGON2ID", "SHA512-CRYPT", "SHA256-CRYPT", "BLF-CRYPT",
                           "SCRAM-SHA-256", "PBKDF2", "PLAINX", "PLAI"})
    CHECK(problem("{" + std::string(name) + "}x") != hash_problem::weak_scheme);
}

TEST_CASE("weak crypt strings are known by prefix, those of DES by their length") {
  for (const auto* hash :
       {"$1$W/P.tbBp$Xqz51EI./df5Dt6UHlsGf1", "$2x$04$x", "$3$$8846f7eaee8fb117ad06bdd830b7586c",
        "$md5$x", "$md5,rounds=1$x", "$sha1$x", "ahk6T6RyhAihg", "_J9..rasmBYk8r9AiWNc"})
    CHECK(problem(hash) == hash_problem::weak_scheme);
  for (const auto* hash : {"", "secret", "ahk6T6RyhAih", "ahk6T6RyhAihgg", "ahk6T6RyhAih:",
                           "$2y$04$x", "$6$x", "_J9..rasmBYk8r9AiWN", "_J9..rasmBYk8r9AiWNcc", "_"})
    CHECK(problem(hash) != hash_problem::weak_scheme);
}

TEST_CASE("every problem has a sentence, and that of a weak scheme names the remedy") {
  std::set<std::string_view> sentences;
  for (const auto each :
       {hash_problem::unknown_scheme, hash_problem::weak_scheme, hash_problem::malformed})
    sentences.insert(description(each));
  CHECK(sentences.size() == 3);
  CHECK(description(hash_problem::weak_scheme).find("sodapop user password") != std::string::npos);
}

TEST_CASE("a decoy is well-formed, costs what was asked for and fits no likely password") {
  const Cost cost{16384, 2};
  const auto decoy = passwords::decoy(cost);
  CHECK(*cost_of(decoy) == cost);
  CHECK(*cost_of(make(Secret("x"), cost)) == cost);
  CHECK(decoy.size() == make(Secret("x"), cost).size());
  for (const auto* password : {"", "x", "password"})
    CHECK_FALSE(verify(decoy, Secret(password)));
}

TEST_CASE("a decoy like a hash has its scheme, cost and length, and fits no password of it") {
  std::vector<std::string> hashes{scram_sample, make(Secret("correct horse"), {16384, 2}),
                                  "{ARGON2ID}$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAA$" +
                                      std::string(22, 'w')};
  for (const auto& [scheme, hash] : samples)
    hashes.emplace_back(hash);
  for (const auto& stored : hashes) {
    const auto decoy = passwords::decoy_like(stored);
    CAPTURE(stored);
    CAPTURE(decoy);
    CHECK(decoy != stored);
    CHECK(decoy.size() == stored.size());
    REQUIRE(cost_of(decoy).has_value());
    CHECK(*cost_of(decoy) == *cost_of(stored));
    CHECK(*scheme_of(decoy) == *scheme_of(stored));
    CHECK_FALSE(verify(decoy, Secret("correct horse")));
  }
}

TEST_CASE("a hash is outdated unless it is Argon2id of the wanted cost or more") {
  const Cost wanted{16384, 2};
  CHECK_FALSE(is_outdated(make(Secret("x"), wanted), wanted));
  CHECK_FALSE(is_outdated(make(Secret("x"), {16384 + 1024, 2}), wanted));
  CHECK_FALSE(is_outdated(make(Secret("x"), {16384, 3}), wanted));
  CHECK(is_outdated(make(Secret("x"), {16384 - 1024, 2}), wanted));
  CHECK(is_outdated(make(Secret("x"), {1 << 20, 1}), wanted));
  CHECK_FALSE(is_outdated(make(Secret("x"), {16384 + 1023, 2}), {16384 + 1023, 2}));
  for (const auto& [scheme, hash] : samples)
    CHECK(is_outdated(hash, least_cost) == (std::string_view(scheme) != "ARGON2ID"));
  for (const auto* stored : {scram_sample, "", "*", "{PLAIN}x", "{ARGON2ID}x"})
    CHECK(is_outdated(stored, least_cost));
  CHECK(is_outdated(samples[0].hash));
  CHECK_FALSE(is_outdated(passwords::decoy(passwords::owasp_cost)));
}

TEST_CASE("the presets are there, from OWASP's 19 MiB and two passes up") {
  std::set<std::string_view> names;
  for (const auto& preset : passwords::presets()) {
    names.insert(preset.name);
    CHECK(within(passwords::owasp_cost, preset.cost));
  }
  CHECK(names == std::set<std::string_view>{"owasp", "interactive", "moderate", "sensitive"});
  CHECK(passwords::owasp_cost == Cost{19922944, 2});
}

TEST_CASE("memory that the computation of a hash does not get is a failure, too" *
          doctest::skip(SODAPOP_SANITIZED != 0)) {
  const auto argon2id = make(Secret("correct horse"), {1 << 20, 1});
  for (const std::string_view scheme : {"ARGON2ID", "YESCRYPT", "GOST-YESCRYPT", "SCRYPT"}) {
    CAPTURE(scheme);
    const auto* sample = std::ranges::find(samples, scheme, &Sample::scheme);
    const auto stored = scheme == "ARGON2ID" ? argon2id : sample->hash;
    const auto least = static_cast<std::uint32_t>(cost_of(stored)->memory);
    const support::Failing mappings{SYS_mmap, 1, least, least + least / 256 + 65535};
    for (const auto* password : {"correct horse", "wrong"}) {
      support::Child child([&] {
        if (!verify(stored, Secret("correct horse")) || !support::fail_calls(mappings, ENOMEM))
          return 1;
        try {
          return verify(stored, Secret(password)) ? 2 : 3;
        } catch (const std::system_error& error) {
          return error.code().value() == ENOMEM ? 0 : 4;
        }
      });
      CHECK(child.exit_status() == 0);
    }
  }
}

TEST_CASE("memory that cannot be had is a failure, not a wrong password" *
          doctest::skip(SODAPOP_SANITIZED != 0)) {
  const auto stored = passwords::decoy({512ull << 20, 1});
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
