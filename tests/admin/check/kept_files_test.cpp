// SPDX-License-Identifier: ISC
#include "check_fixture.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

using support::CheckFixture;
using support::Found;

namespace {

struct KeptFilesFixture : CheckFixture {
  KeptFilesFixture() {
    for (auto* setting : {&context.settings.state_directory, &context.settings.runtime_directory})
      *setting = scratch.path();
    scratch.write("users", "");
  }
  Found found_of_kept_files() const {
    return found([&](auto& findings) { check_kept_files(context, findings); });
  }
};

} // namespace

TEST_CASE("keys that are missing, whole or made anew with the next login are in order") {
  const KeptFilesFixture fixture;
  CHECK(fixture.found_of_kept_files().empty());
  for (const std::size_t octets : {0, 31, 32}) {
    fixture.scratch.write("site-key", std::string(octets, 'k'));
    fixture.scratch.write("auth-key", std::string(octets, 'k'));
    CHECK(fixture.found_of_kept_files().empty());
  }
  CHECK(fixture.scratch.read("site-key") == std::string(32, 'k'));
}

TEST_CASE("a key that the server would refuse is an error") {
  for (const char* name : {"site-key", "auth-key"}) {
    const KeptFilesFixture fixture;
    const auto path = fixture.scratch.write(name, std::string(32, 'k'), 0640);
    CHECK(fixture.found_of_kept_files() == Found{"error key-refused"});
    fixture.scratch.write(name, std::string(33, 'k'));
    CHECK(fixture.found_of_kept_files() == Found{"error key-refused"});
    unlink(path.c_str());
    REQUIRE(symlink("users", path.c_str()) == 0);
    CHECK(fixture.found_of_kept_files() == Found{"error key-refused"});
  }
}

TEST_CASE("failed logins are counted in a file that may be missing or damaged, but no directory") {
  const KeptFilesFixture fixture;
  fixture.scratch.write("penalties", "damaged", 0644);
  CHECK(fixture.found_of_kept_files().empty());
  REQUIRE(unlink(fixture.scratch.path("penalties").c_str()) == 0);
  REQUIRE(mkdir(fixture.scratch.path("penalties").c_str(), 0700) == 0);
  CHECK(fixture.found_of_kept_files() == Found{"error penalties-unusable"});
}

TEST_CASE("what the server keeps is private") {
  for (const char* name : {"usual-networks", "app-password-use", "connect-lines", "user-slots"}) {
    const KeptFilesFixture fixture;
    const auto path = fixture.scratch.write(name, "", 0600);
    CHECK(fixture.found_of_kept_files().empty());
    for (const mode_t open : {0640, 0604, 0610}) {
      REQUIRE(chmod(path.c_str(), open) == 0);
      CHECK(fixture.found_of_kept_files() == Found{"error kept-file-open"});
    }
    REQUIRE(unlink(path.c_str()) == 0);
    REQUIRE(symlink("users", path.c_str()) == 0);
    CHECK(fixture.found_of_kept_files() == Found{"error kept-file-open"});
  }
}

TEST_CASE("the copies that interrupted changes have left are found") {
  for (const char* name : {"users.0a1b2c", "users.ABcd12", "users.cdb.123456", "site-key.abcdef",
                           "auth-key.ABCDEF", "penalties.123456"}) {
    const KeptFilesFixture fixture;
    fixture.scratch.write(name, "");
    CHECK(fixture.found_of_kept_files() == Found{"warning left-over"});
  }
}

TEST_CASE("files with other names beside the users file are nobody's copies") {
  const KeptFilesFixture fixture;
  for (const char* name : {"users.cdb", "users.bak", "users.0a1b2", "users.0a1b2c3", "users.0a-b2c",
                           "xusers.0a1b2c", "users-0a1b2c", "users.backup", "site-key.1"})
    fixture.scratch.write(name, "");
  CHECK(fixture.found_of_kept_files().empty());
}
