// SPDX-License-Identifier: ISC
#include "admin/check/trial_user.hpp"

#include "passwords/password_hash.hpp"
#include "support/scratch.hpp"
#include "users/users_file.hpp"

#include <boost/filesystem/operations.hpp>
#include <doctest/doctest.h>
#include <ostream>
#include <sys/stat.h>

using namespace admin;

namespace {

struct TrialFixture {
  Scratch scratch;
  config::Settings settings;

  explicit TrialFixture(const std::string& lines) {
    settings.users = scratch.write("users", lines);
    settings.runtime_directory = scratch.path();
  }
  std::string names() const {
    std::string all;
    for (const auto& user : users_for_trial(settings, 3))
      all += user.name + " ";
    return all;
  }
};

} // namespace

TEST_CASE("the first users of each uid are chosen, without those that cannot log in") {
  CHECK(
      TrialFixture("a:!{X}x:1:1::/\nb:{X}x:1:1::/::sodapop_pop3=no\nc:{X}x:1:1::/\nd:{X}x:1:1::/\n"
                   "e:{X}x:::::\nf:{X}x:2:2::/\ng:{X}x:3:3::/\n")
          .names() == "c e f ");
  CHECK(TrialFixture("# none\n").names().empty());
}

TEST_CASE("the users file of a trial has one line with another password, and is removed") {
  const TrialFixture fixture("");
  auto user = *users::parse_user("alice@example.org:{SHA512-CRYPT}x:5000:5001::/home/a::"
                                 "userdb_mail=maildir:~/M:INDEX=/x allow_nets=192.0.2.1 nologin");
  std::string path;
  {
    const TrialUser trial(user, fixture.settings);
    path = trial.options()[1];
    CHECK(path.starts_with(fixture.scratch.path("check-")));
    struct stat facts {};
    REQUIRE(::stat(path.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 07777) == 0600);
    const auto file = users::UsersFile::open(path);
    REQUIRE(file);
    const auto found = file->find("alice@example.org", {});
    REQUIRE(found);
    CHECK(found->uid == 5000);
    CHECK(found->gid == 5001);
    CHECK(found->home == "/home/a");
    CHECK(found->mail == user.mail);
    CHECK_FALSE(found->nologin);
    CHECK_FALSE(found->rights.networks);
    CHECK(passwords::verify(found->hash, base::Secret(trial.password())));
  }
  CHECK_FALSE(boost::filesystem::exists(path));
  CHECK(users_for_trial(fixture.settings, 3).empty());
}
