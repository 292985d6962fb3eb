// SPDX-License-Identifier: ISC
#include "login/attempt_digest.hpp"

#include <doctest/doctest.h>
#include <set>

namespace {

std::string octets(const passwords::Digest& digest) {
  return std::string(passwords::text_of(digest));
}

} // namespace

TEST_CASE("the name that is counted is that of the users file") {
  config::NameSettings settings;
  CHECK(login::name_meant_by("Alice", settings) == "Alice");
  settings.name_case = config::NameSettings::NameCase::lower;
  settings.default_domain = "example.org";
  CHECK(login::name_meant_by("Alice", settings) == "alice@example.org");
}

TEST_CASE("another key, name or password has another digest, and the same ones have the same") {
  const std::set<std::string> digests{octets(login::digest_of_password("key", "alice", "x")),
                                      octets(login::digest_of_password("other", "alice", "x")),
                                      octets(login::digest_of_password("key", "bob", "x")),
                                      octets(login::digest_of_password("key", "alice", "y")),
                                      octets(login::digest_of_password("key", "alicex", "")),
                                      octets(login::digest_of_name("key", "alice"))};
  CHECK(digests.size() == 6);
  CHECK(digests.contains(octets(login::digest_of_password("key", "alice", "x"))));
}
