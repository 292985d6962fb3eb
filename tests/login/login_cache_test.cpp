// SPDX-License-Identifier: ISC
#include "login/login_cache.hpp"

#include "support/scratch_dir.hpp"

#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

using base::Secret;
using login::LoginCache;

namespace {

struct Site {
  support::ScratchDir dir;
  config::Settings settings;
  base::Log log = base::Log::open(dir.path("log"), "t");

  explicit Site(std::uint32_t seconds) {
    settings.auth_cache = seconds;
    settings.runtime_directory = dir.path();
  }
  bool has(const std::string& name) const { return access(dir.path(name).c_str(), F_OK) == 0; }
  std::string logged() const {
    std::ifstream file(dir.path("log"));
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

bool asks(LoginCache& logins) {
  return logins.knows("alice", Secret("secret"), {}) &&
         logins.knows("alice", Secret("secret"), "{X}1");
}

} // namespace

TEST_CASE("without the setting no login is known and no file is made") {
  const Site site(0);
  LoginCache logins(site.settings, site.log);
  logins.remember("alice", Secret("secret"), "{X}1");
  CHECK_FALSE(asks(logins));
  CHECK_FALSE(site.has("auth-key"));
  CHECK_FALSE(site.has("auth-cache"));
  CHECK(site.logged().empty());
}

TEST_CASE("a login that one attempt remembers is known to the next one") {
  const Site site(60);
  {
    LoginCache logins(site.settings, site.log);
    CHECK_FALSE(asks(logins));
    logins.remember("alice", Secret("secret"), "{X}1");
  }
  LoginCache next(site.settings, site.log);
  CHECK(asks(next));
  CHECK_FALSE(next.knows("alice", Secret("secret"), "{X}2"));
  CHECK(site.logged().empty());
}

TEST_CASE("trouble is logged once an attempt, and then no login is known") {
  const Site site(60);
  std::ofstream(site.dir.path("auth-key")) << std::string(33, 'k');
  chmod(site.dir.path("auth-key").c_str(), 0600);
  LoginCache logins(site.settings, site.log);
  logins.remember("alice", Secret("secret"), "{X}1");
  CHECK_FALSE(asks(logins));
  const auto logged = site.logged();
  REQUIRE(logged.find("event=auth-cache problem=") != logged.npos);
  CHECK(logged.find("event=auth-cache problem=") == logged.rfind("event=auth-cache problem="));
  CHECK(logged.find("auth-key does not have 32 octets") != logged.npos);
}

TEST_CASE("a directory that is not there is trouble of that kind") {
  Site site(60);
  site.settings.runtime_directory = site.dir.path("missing");
  LoginCache logins(site.settings, site.log);
  CHECK_FALSE(asks(logins));
  CHECK(site.logged().find("event=auth-cache problem=") != std::string::npos);
}
