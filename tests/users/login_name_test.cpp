// SPDX-License-Identifier: ISC
#include "users/login_name.hpp"

#include <doctest/doctest.h>

using users::lacks_domain;
using users::login_name;

TEST_CASE("a name is as it was said, unless the site wants something else") {
  const config::Settings settings;
  CHECK(login_name("Alice", settings) == "Alice");
  CHECK(login_name("", settings).empty());
  CHECK(login_name("A@B@C", settings) == "A@B@C");
}

TEST_CASE("lower case changes A to Z, and no other octet") {
  config::Settings settings;
  settings.name_case = config::Settings::NameCase::lower;
  CHECK(login_name("AliceZ@Example.ORG", settings) == "alicez@example.org");
  std::string rest;
  for (int octet = 0; octet < 256; ++octet)
    if (octet < 'A' || octet > 'Z')
      rest += static_cast<char>(octet);
  CHECK(login_name(rest, settings) == rest);
}

TEST_CASE("the default domain comes behind a name that has none, and behind no other") {
  config::Settings settings;
  settings.default_domain = "Example.org";
  CHECK(login_name("alice", settings) == "alice@Example.org");
  CHECK(login_name("alice@example.net", settings) == "alice@example.net");
  CHECK(login_name("alice@", settings) == "alice@");
  settings.name_case = config::Settings::NameCase::lower;
  for (const auto* said : {"ALICE", "alice", "Alice@example.ORG", "alice@Example.org"})
    CHECK(login_name(said, settings) == "alice@example.org"); // one user, however it is written
}

TEST_CASE("a name without a domain lacks one only where the site wants it") {
  config::Settings settings;
  CHECK_FALSE(lacks_domain("alice", settings));
  settings.require_domain = true;
  CHECK(lacks_domain("alice", settings));
  CHECK(lacks_domain("", settings));
  CHECK_FALSE(lacks_domain("alice@example.org", settings));
}
