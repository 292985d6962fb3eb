// SPDX-License-Identifier: ISC
#include "server/reload_check.hpp"

#include "support/child.hpp"
#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

namespace {

struct Site {
  Site() {
    settings.users = scratch.write("users", "alice:*:5000:5000\n");
    settings.runtime_directory = scratch.path("run");
    REQUIRE(mkdir(settings.runtime_directory.c_str(), 0755) == 0);
    REQUIRE(mkdir(settings.front_root().c_str(), 0755) == 0);
  }
  Scratch scratch;
  config::Settings settings;
};

} // namespace

TEST_CASE("a configuration with a user and its directories can serve") {
  const Site site;
  CHECK_NOTHROW(server::require_servable(site.settings));
}

TEST_CASE("without a user in the users file nobody can be served, but by a program") {
  Site site;
  for (const char* text : {"", "# comment\n\n", "malformed\n"}) {
    site.scratch.write("users", text);
    CHECK_THROWS_AS(server::require_servable(site.settings), std::runtime_error);
  }
  site.scratch.write("users", "malformed\n\nalice:*:5000:5000\n");
  CHECK_NOTHROW(server::require_servable(site.settings));
  chmod(site.settings.users.c_str(), 0622);
  CHECK_THROWS_AS(server::require_servable(site.settings), std::runtime_error);
  unlink(site.settings.users.c_str());
  CHECK_THROWS_AS(server::require_servable(site.settings), std::system_error);
  site.settings.checkpassword = "/bin/false";
  CHECK_NOTHROW(server::require_servable(site.settings));
}

TEST_CASE("a runtime directory in which no file can be made is refused") {
  Site site;
  chmod(site.settings.users.c_str(), 0644);
  chmod(site.scratch.path().c_str(), 0755);
  CHECK(support::run_unprivileged([&] { // a user who may not write to the directory of another
          try {
            server::require_servable(site.settings);
            return 1;
          } catch (const std::system_error&) {
            return geteuid() == getuid() ? 0 : 2;
          }
        }) == (getuid() == 0 ? 0 : 1));
  site.settings.runtime_directory = site.settings.users;
  CHECK_THROWS_AS(server::require_servable(site.settings), std::system_error);
  site.settings.runtime_directory = site.scratch.path("missing");
  CHECK_THROWS_AS(server::require_servable(site.settings), std::system_error);
}

TEST_CASE("a root directory of the front that is not empty is refused") {
  const Site site;
  site.scratch.write("run/empty/file", "");
  if (getuid() != 0)
    return support::skipped("only root changes the root directory");
  CHECK_THROWS_AS(server::require_servable(site.settings), std::runtime_error);
}
