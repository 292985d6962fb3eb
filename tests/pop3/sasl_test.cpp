// SPDX-License-Identifier: ISC
#include "pop3/sasl.hpp"

#include "pop3/limits.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <string>

using namespace std::string_literals;
using pop3::Credentials;
using pop3::find_mechanism;
using pop3::Malformed;

namespace {

pop3::Exchange::Step plain(std::string_view response) {
  return find_mechanism("PLAIN")->start()->respond(response);
}

Credentials credentials(std::string_view response) {
  auto step = plain(response);
  REQUIRE(std::holds_alternative<Credentials>(step));
  return std::move(std::get<Credentials>(step));
}

bool is_malformed(std::string_view response) {
  return std::holds_alternative<Malformed>(plain(response));
}

} // namespace

TEST_CASE("mechanisms are found without regard to case, and whole") {
  for (const auto* name : {"PLAIN", "plain", "PlAiN"}) {
    REQUIRE(find_mechanism(name) != nullptr);
    CHECK(find_mechanism(name)->name == "PLAIN");
  }
  for (const auto* name : {"", "PLAI", "PLAINX", "LOGIN", "CRAM-MD5", "PLAIN "})
    CHECK(find_mechanism(name) == nullptr);
}

TEST_CASE("mechanisms that send the password are named on protected connections only") {
  CHECK(pop3::mechanism_names(true) == "PLAIN");
  CHECK(pop3::mechanism_names(false) == "");
}

TEST_CASE("PLAIN gives name and password, blanks and UTF-8 included") {
  const auto given = credentials("\0tim\0tanstaaf tanstaaf \xc3\xa4"s);
  CHECK(given.mechanism == pop3::Mechanism::plain);
  CHECK(given.name == "tim");
  CHECK(given.password.reveal() == "tanstaaf tanstaaf \xc3\xa4");
}

TEST_CASE("PLAIN lets nobody act for somebody else") {
  CHECK(credentials("tim\0tim\0secret"s).password.reveal() == "secret");
  const auto other = credentials("root\0tim\0secret"s);
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
  const auto given = credentials("\0"s + name + "\0"s + password);
  CHECK(given.name == name);
  CHECK(given.password.reveal() == password);
}
