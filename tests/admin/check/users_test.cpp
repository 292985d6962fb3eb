// SPDX-License-Identifier: ISC
#include "check_fixture.hpp"
#include "passwords/password_hash.hpp"
#include "support/child.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

using support::CheckFixture;
using support::Found;

namespace {

/// Users without a password, whose Maildirs do not exist and count as empty.
struct UsersFixture : CheckFixture {
  UsersFixture() {
    context.settings.maildir = scratch.path("mail/%u");
    context.settings.missing_maildir = config::Settings::MissingMaildir::empty;
    chmod(scratch.path().c_str(), 0755);
  }
  static std::string line(const std::string& name, uid_t uid = 1000) {
    const auto own = std::to_string(geteuid() == 0 ? uid : geteuid());
    return name + ":" + passwords::decoy(passwords::owasp_cost) + ":" + own + ":" + own + "\n";
  }
  Found of_file(const std::string& text, mode_t mode = 0600) const {
    scratch.write("users", text, mode);
    return of_users();
  }
  Found of_users() const {
    return found([&](auto& findings) { check_users(context, findings); });
  }
};

} // namespace

TEST_CASE("a users file that only its owner may read is in order") {
  CHECK(UsersFixture()
            .of_file("# users\n" + UsersFixture::line("a") + UsersFixture::line("b"))
            .empty());
}

TEST_CASE("a users file that is missing or refused is an error, and no line of it counts") {
  const UsersFixture fixture;
  CHECK(fixture.of_users() == Found{"error users-file-missing"});
  CHECK(fixture.of_file("nonsense\n", 0620) == Found{"error users-file-writable"});
  unlink(fixture.scratch.path("users").c_str());
  REQUIRE(mkdir(fixture.scratch.path("users").c_str(), 0700) == 0);
  CHECK(fixture.of_users() == Found{"error users-file-not-regular"});
}

TEST_CASE("a users file that all accounts may read is an error, told once") {
  CHECK(UsersFixture().of_file(UsersFixture::line("a"), 0604) ==
        Found{"error users-file-readable"});
}

TEST_CASE("a directory in which all accounts may replace the file is an error") {
  const UsersFixture fixture;
  chmod(fixture.scratch.path().c_str(), 0777);
  const auto found = fixture.of_file("");
  CHECK(found == Found{"error users-file-directory"});
}

TEST_CASE("malformed lines and names with several lines are found") {
  const auto text =
      UsersFixture::line("a") + "nonsense\n" + UsersFixture::line("a") + UsersFixture::line("a");
  CHECK(UsersFixture().of_file(text) == Found{"error users-line", "warning user-doubled"});
}

TEST_CASE("a Maildir of several users is an error, told once, unless all of them share it") {
  UsersFixture fixture;
  const auto with = [](const std::string& name, const std::string& extra) {
    auto line = UsersFixture::line(name);
    line.insert(line.size() - 1, "::::" + extra);
    return line;
  };
  const auto mail = "userdb_mail=maildir:" + fixture.scratch.path("mail/one");
  const auto shared = mail + " sodapop_shared=yes";
  const Found error{"error mailbox-shared"};
  const auto a = with("a", mail), b = with("b", mail + "//"), c = with("c", mail + "/.");
  CHECK(fixture.of_file(a + UsersFixture::line("d")).empty());
  CHECK(fixture.of_file(a + UsersFixture::line("d") + b) == error);
  CHECK(fixture.of_file(a + UsersFixture::line("one")) == error); // by the setting
  CHECK(fixture.of_file(a + b + c + c) == Found{"warning user-doubled", "error mailbox-shared"});
  CHECK(fixture.of_file(a + a) == Found{"warning user-doubled"});
  CHECK(fixture.of_file(with("a", shared) + with("b", shared)).empty());
  CHECK(fixture.of_file(with("a", shared) + b) == error);
  const auto told = [&](const std::string& text) {
    fixture.scratch.write("users", text, 0600);
    return fixture.text_of([&](auto& findings) { check_users(fixture.context, findings); });
  };
  CHECK(told(a + b).find("a and b have this Maildir") != std::string::npos);
  CHECK(told(a + b + c + with("d", mail)).find("a, b and 2 more users") != std::string::npos);
  CHECK(told(with("a", shared) + b).find("run: sodapop user rights b --shared yes") !=
        std::string::npos);
}

TEST_CASE("a compiled form that the server refuses is an error, as no user can log in") {
  const UsersFixture fixture;
  fixture.scratch.write("users.cdb", "x");
  CHECK(fixture.of_file("") == Found{"error users-compiled-refused"});
}

TEST_CASE("a user who shares the front's account is an error") {
  if (geteuid() != 0)
    return support::skipped("only a server that is started as root has a front account");
  const UsersFixture fixture;
  fixture.scratch.write("passwd", "_sodapop:x:990:990:::\n");
  CHECK(fixture.of_file(UsersFixture::line("a", 990)) == Found{"error front-account-shared"});
}

TEST_CASE("a checkpassword program has to exist, to be executable and to be safe") {
  UsersFixture fixture;
  const auto of_program = [&](const std::string& command) {
    fixture.context.settings.checkpassword = command;
    return fixture.of_users();
  };
  const auto& scratch = fixture.scratch;
  CHECK(of_program("") == Found{"error users-file-missing"});
  CHECK(of_program("/bin/true with arguments").empty());
  CHECK(of_program(scratch.path("missing")) == Found{"error checkpassword-missing"});
  CHECK(of_program(scratch.path()) == Found{"error checkpassword-missing"});
  CHECK(of_program(scratch.write("program", "", 0755)).empty());
  CHECK(of_program(scratch.write("program", "", 0775)) == Found{"error checkpassword-unsafe"});
}
