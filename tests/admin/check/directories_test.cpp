// SPDX-License-Identifier: ISC
#include "check_fixture.hpp"

#include "support/child.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

using support::CheckFixture;
using support::Found;

namespace {

/// Runtime directory, chroot and state directory as a server makes them, and a log file.
struct DirectoriesFixture : CheckFixture {
  DirectoriesFixture() {
    auto& settings = context.settings;
    settings.runtime_directory = make("run", 0755);
    settings.chroot = make("run/empty", 0755);
    settings.state_directory = make("state", 0700);
    settings.log = scratch.path("log");
  }
  std::string make(const std::string& name, mode_t mode) const {
    REQUIRE(mkdir(scratch.path(name).c_str(), mode) == 0);
    return scratch.path(name);
  }
  Found found_of_directories() const {
    return found([&](auto& findings) { check_directories(context, findings); });
  }
};

} // namespace

TEST_CASE("directories as the server makes them are in order, and those that it will make") {
  DirectoriesFixture fixture;
  CHECK(fixture.found_of_directories().empty());
  if (geteuid() != 0)
    return;
  fixture.context.settings.runtime_directory = fixture.scratch.path("other");
  fixture.context.settings.chroot.clear();
  CHECK(fixture.found_of_directories().empty());
}

TEST_CASE("a runtime directory that is missing, not a directory, or open to others is found") {
  DirectoriesFixture fixture;
  chmod(fixture.scratch.path("run").c_str(), 0775);
  CHECK(fixture.found_of_directories() == Found{"error runtime-directory-writable"});
  fixture.context.settings.runtime_directory = fixture.scratch.write("file", "");
  CHECK(fixture.found_of_directories() == Found{"error runtime-directory-no-directory"});
  fixture.context.settings.runtime_directory = fixture.scratch.path("missing/run");
  CHECK(fixture.found_of_directories() == Found{"error runtime-directory-missing"});
}

TEST_CASE("a state directory that is missing, not a directory, or open to others is found") {
  DirectoriesFixture fixture;
  chmod(fixture.scratch.path("state").c_str(), 0750);
  CHECK(fixture.found_of_directories() == Found{"warning state-directory-open"});
  fixture.context.settings.state_directory = fixture.scratch.write("file", "");
  CHECK(fixture.found_of_directories() == Found{"error state-directory-unwritable"});
  fixture.context.settings.state_directory = fixture.scratch.path("missing/state");
  CHECK(fixture.found_of_directories() == Found{"warning state-directory-missing"});
}

TEST_CASE("a state directory that others could change, or a directory above, is an error") {
  DirectoriesFixture fixture;
  for (const mode_t mode : {0770u, 0702u}) {
    chmod(fixture.scratch.path("state").c_str(), mode);
    CHECK(fixture.found_of_directories() == Found{"error state-directory-unsafe"});
  }
  chmod(fixture.scratch.path("state").c_str(), 0700);
  chmod(fixture.scratch.path().c_str(), 0775);
  CHECK(fixture.found_of_directories() ==
        Found{"error directory-above-unsafe", "error directory-above-unsafe"});
}

TEST_CASE("a chroot that is no empty directory of root's is found") {
  if (geteuid() != 0)
    return support::skipped("only a server that is started as root has a chroot");
  DirectoriesFixture fixture;
  chmod(fixture.scratch.path("run/empty").c_str(), 0775);
  CHECK(fixture.found_of_directories() == Found{"error chroot-writable"});
  chmod(fixture.scratch.path("run/empty").c_str(), 0755);
  fixture.scratch.write("run/empty/file", "");
  CHECK(fixture.found_of_directories() == Found{"error chroot-not-empty"});
  fixture.context.settings.chroot = fixture.scratch.path("log/none");
  CHECK(fixture.found_of_directories() == Found{"error chroot-missing"});
  fixture.context.settings.chroot = fixture.scratch.write("file", "");
  CHECK(fixture.found_of_directories() == Found{"error chroot-no-directory"});
  fixture.context.settings.chroot = fixture.make("other", 0755);
  REQUIRE(chown(fixture.scratch.path("other").c_str(), 990, 990) == 0);
  CHECK(fixture.found_of_directories() == Found{"error chroot-owner"});
}

TEST_CASE("a log that cannot be written is found") {
  DirectoriesFixture fixture;
  fixture.context.settings.log = fixture.scratch.path("missing/log");
  CHECK(fixture.found_of_directories() == Found{"error log-unwritable"});
  fixture.context.settings.log = fixture.make("log", 0700);
  CHECK(fixture.found_of_directories() == Found{"error log-unwritable"});
}
