// SPDX-License-Identifier: ISC
#include "pop3/limits.hpp"
#include "support/sasl_fixture.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace std::string_literals;

namespace {

support::MemoryGatekeeper::Attempt tried(std::string_view response) {
  support::SaslFixture fixture("PLAIN");
  fixture.respond(response);
  REQUIRE(fixture.gatekeeper.tried.size() == 1);
  CHECK(fixture.gatekeeper.tried[0].method == "PLAIN");
  return fixture.gatekeeper.tried[0];
}

bool is_malformed(std::string_view response) {
  support::SaslFixture fixture("PLAIN");
  const bool malformed = fixture.respond(response) == "malformed";
  CHECK(malformed == fixture.gatekeeper.tried.empty());
  return malformed;
}

} // namespace

TEST_CASE("PLAIN gives name and password, blanks and UTF-8 included") {
  const auto given = tried("\0tim\0tanstaaf tanstaaf \xc3\xa4"s);
  CHECK(given.name == "tim");
  CHECK(given.password == "tanstaaf tanstaaf \xc3\xa4");
}

TEST_CASE("PLAIN does not let a user act for another user") {
  CHECK(tried("tim\0tim\0secret"s).password == "secret");
  const auto other = tried("root\0tim\0secret"s);
  CHECK(other.name == "tim");
  CHECK(other.password.empty());
}

TEST_CASE("PLAIN wants exactly two NULs, a name and a password") {
  for (const auto& response : {""s, "tim"s, "tim\0secret"s, "\0\0secret"s, "\0tim\0"s, "\0\0"s,
                               "\0"s, "\0tim\0secret\0"s, "a\0b\0c\0d"s, "\0\0\0"s, "\0tim"s})
    CHECK(is_malformed(response));
}

TEST_CASE("an authorization identity is at most max_user_name octets long") {
  for (const std::size_t length : {pop3::max_user_name - 1, pop3::max_user_name})
    CHECK_FALSE(is_malformed(std::string(length, 'a') + "\0tim\0secret"s));
  CHECK(is_malformed(std::string(pop3::max_user_name + 1, 'a') + "\0tim\0secret"s));
}

TEST_CASE("names and passwords pass in full length") {
  const std::string name(pop3::max_user_name, 'n'), password(pop3::max_password, 'p');
  const auto given = tried("\0"s + name + "\0"s + password);
  CHECK(given.name == name);
  CHECK(given.password == password);
}
