// SPDX-License-Identifier: ISC
#include "check_fixture.hpp"
#include "support/child.hpp"
#include "support/files.hpp"

#include <boost/filesystem/operations.hpp>
#include <doctest/doctest.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using support::CheckFixture;
using support::Found;

namespace {

constexpr uid_t owner = 12345;

/// A Maildir of the user's below a directory that others may enter.
struct MailboxFixture : CheckFixture {
  MailboxFixture() {
    context.settings.maildir = scratch.path("mail");
    chmod(scratch.path().c_str(), 0755);
    for (const auto* name : {"mail", "mail/cur", "mail/new", "mail/tmp"}) {
      REQUIRE(mkdir(scratch.path(name).c_str(), 0700) == 0);
      give(name);
    }
  }
  void give(const std::string& name, uid_t uid = owner) const {
    if (geteuid() == 0)
      REQUIRE(lchown(scratch.path(name).c_str(), uid, uid) == 0);
  }
  Found found_of_mailbox() const {
    users::User user;
    user.name = "alice";
    user.uid = geteuid() == 0 ? owner : geteuid();
    user.gid = user.uid;
    return found([&](auto& findings) { check_mailbox(context, user, findings); });
  }
  void set_mode(const std::string& name, mode_t mode) const {
    REQUIRE(chmod(scratch.path(name).c_str(), mode) == 0);
  }
};

} // namespace

TEST_CASE("a Maildir of the user's own is in order") {
  CHECK(MailboxFixture().found_of_mailbox().empty());
}

TEST_CASE("a missing Maildir is an error, unless it counts as empty") {
  MailboxFixture fixture;
  fixture.context.settings.maildir = fixture.scratch.path("missing");
  CHECK(fixture.found_of_mailbox() == Found{"error mailbox-missing"});
  fixture.context.settings.missing_maildir = config::Settings::MissingMaildir::empty;
  CHECK(fixture.found_of_mailbox().empty());
}

TEST_CASE("a Maildir that the user cannot use, or that others can read or change, is found") {
  MailboxFixture fixture;
  fixture.set_mode("mail", 0705);
  CHECK(fixture.found_of_mailbox() == Found{"warning mailbox-readable"});
  fixture.set_mode("mail", 0500);
  CHECK(fixture.found_of_mailbox() == Found{"error mailbox-inaccessible"});
  fixture.set_mode("mail", 0700);
  fixture.set_mode("", 0757);
  CHECK(fixture.found_of_mailbox() == Found{"warning mailbox-parent-writable"});
  fixture.set_mode("", 01777);
  CHECK(fixture.found_of_mailbox().empty());
}

TEST_CASE("a folder that is missing is found") {
  const MailboxFixture fixture;
  boost::filesystem::remove(fixture.scratch.path("mail/tmp"));
  CHECK(fixture.found_of_mailbox() == Found{"error mailbox-not-maildir"});
}

TEST_CASE("messages that are compressed or encrypted are found among the first ones") {
  const MailboxFixture fixture;
  const auto put = [&](const std::string& name, std::string_view text) {
    support::write_file(fixture.scratch.path(name), text);
    fixture.give(name);
  };
  put("mail/cur/1.plain:2,", "A: 1\n\n");
  put("mail/new/2.empty", "");
  CHECK(fixture.found_of_mailbox().empty());
  put("mail/new/3.coded", "CRYPTED\x03\x07 and more");
  CHECK(fixture.found_of_mailbox() == Found{"warning mailbox-encoded"});
  REQUIRE(mkfifo(fixture.scratch.path("mail/new/4.fifo").c_str(), 0600) == 0);
  CHECK(fixture.found_of_mailbox() == Found{"warning mailbox-encoded"});
}

TEST_CASE("parts of another account are found") {
  if (geteuid() != 0)
    return support::skipped("only root may give files away");
  const MailboxFixture fixture;
  fixture.give("mail/new", owner + 1);
  CHECK(fixture.found_of_mailbox() == Found{"error mailbox-owner"});
  fixture.give("mail/new");
  boost::filesystem::rename(fixture.scratch.path("mail"), fixture.scratch.path("real"));
  REQUIRE(symlink("real", fixture.scratch.path("mail").c_str()) == 0);
  CHECK(fixture.found_of_mailbox().empty());
  fixture.give("mail", owner + 1);
  CHECK(fixture.found_of_mailbox() == Found{"error mailbox-foreign-link"});
}

TEST_CASE("a directory on the way that the user may not enter is found") {
  if (geteuid() != 0)
    return support::skipped("only root may make directories that its users may not enter");
  const MailboxFixture fixture;
  fixture.set_mode("", 0700);
  CHECK(fixture.found_of_mailbox() == Found{"error mailbox-parent-closed"});
}

TEST_CASE("a look that fails is a finding, and ends no check of others" *
          doctest::skip(geteuid() != 0)) {
  const MailboxFixture fixture;
  support::Child without_capabilities([&fixture] {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct none[2]{};
    if (syscall(SYS_capset, &header, none) != 0)
      return support::not_prepared;
    return fixture.found_of_mailbox() == Found{"error mailbox-unknown"} ? 0 : 1;
  });
  CHECK(without_capabilities.wait() == 0);
}
