// SPDX-License-Identifier: ISC
#include "admin/check/mailboxes.hpp"
#include "check_fixture.hpp"
#include "support/child.hpp"
#include "support/files.hpp"

#include <array>
#include <boost/filesystem/operations.hpp>
#include <doctest/doctest.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
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
    return found([&](auto& findings) { check_mailboxes({alice()}, findings); });
  }
  std::string text_of_mailbox() const {
    return text_of([&](auto& findings) { check_mailboxes({alice()}, findings); });
  }
  void check_mailboxes(const std::vector<users::User>& users, admin::Findings& findings) const {
    admin::Mailboxes mailboxes(context, findings);
    for (const auto& user : users)
      mailboxes.add(user);
    mailboxes.finish();
  }
  static users::User alice() {
    users::User user;
    user.name = "alice";
    user.uid = geteuid() == 0 ? owner : geteuid();
    user.gid = user.uid;
    return user;
  }
  void set_mode(const std::string& name, mode_t mode) const {
    REQUIRE(chmod(scratch.path(name).c_str(), mode) == 0);
  }
};

} // namespace

TEST_CASE("a Maildir of the user's own is in order") {
  CHECK(MailboxFixture().found_of_mailbox().empty());
}

TEST_CASE("each of many users is looked at once, with the user's own identity") {
  const MailboxFixture fixture;
  for (const auto number :
       {std::size_t{1}, admin::Mailboxes::batch_size - 1, admin::Mailboxes::batch_size,
        admin::Mailboxes::batch_size + 1, 3 * admin::Mailboxes::batch_size + 1}) {
    std::vector<users::User> users(number, fixture.alice());
    CAPTURE(number);
    CHECK(fixture.found([&](auto& findings) { fixture.check_mailboxes(users, findings); }).empty());
    users.back().mail = fixture.scratch.path("missing");
    users.front().mail = fixture.scratch.path("missing");
    const auto found =
        fixture.found([&](auto& findings) { fixture.check_mailboxes(users, findings); });
    CHECK(found == Found(number == 1 ? 1 : 2, "error mailbox-missing"));
    if (geteuid() != 0)
      continue;
    users.front() = users.back() = fixture.alice();
    users.back().uid = owner + 1;
    CHECK(fixture.found([&](auto& findings) { fixture.check_mailboxes(users, findings); }) ==
          Found{"error mailbox-owner"});
  }
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

TEST_CASE(
    "files that look like messages are found beside cur and new, and messages in folders told") {
  const MailboxFixture fixture;
  const auto put = [&](const std::string& name, std::string_view text) {
    support::write_file(fixture.scratch.path(name), text);
    fixture.give(name);
  };
  put("mail/dovecot-uidlist", "3 V1 N2\n");
  put("mail/subscriptions", "Sent\n");
  put("mail/.qmail", "Subject: no message\n");
  put("mail/maildirsize", "1000S\n");
  CHECK(fixture.found_of_mailbox().empty());
  put("mail/1.message", "Return-Path: <a@example.org>\n");
  CHECK(fixture.found_of_mailbox() == Found{"warning mailbox-stray-messages"});
  boost::filesystem::remove(fixture.scratch.path("mail/1.message"));
  for (const auto* name : {"mail/.Sent", "mail/.Sent/cur", "mail/.Empty", "mail/.Empty/new"}) {
    REQUIRE(mkdir(fixture.scratch.path(name).c_str(), 0700) == 0);
    fixture.give(name);
  }
  CHECK(fixture.found_of_mailbox().empty());
  CHECK(fixture.notes.empty());
  put("mail/.Sent/cur/1", "a: b\n");
  put("mail/.Sent/cur/2", "a: b\n");
  CHECK(fixture.found_of_mailbox().empty());
  CHECK(fixture.notes == "sodapop: 2 messages are in folders that POP3 does not show, such as " +
                             fixture.scratch.path("mail/.Sent") +
                             " (users with such folders: 1)\n");
}

TEST_CASE("what is in the Maildir's place is told") {
  MailboxFixture fixture;
  fixture.context.settings.maildir = fixture.scratch.path("other");
  const auto told = [&](std::string_view words) {
    const auto text = fixture.text_of_mailbox();
    CAPTURE(text);
    CHECK(text.find(words) != text.npos);
    CHECK(text.find("run:") == text.npos); // nothing to paste
  };
  support::write_file(fixture.scratch.path("other"), "From a Thu Jan  1 00:00:00 1970\n");
  fixture.give("other");
  told("it is an mbox file, and no directory [mailbox-not-maildir]: Move");
  support::write_file(fixture.scratch.path("other"), "text\n");
  told("it is no directory [mailbox-not-maildir]: Move");
  boost::filesystem::remove(fixture.scratch.path("other"));
  REQUIRE(symlink("nowhere", fixture.scratch.path("other").c_str()) == 0);
  told("it is a link to nowhere: No such file or directory [mailbox-not-maildir]: Let");
  fixture.context.settings.maildir = fixture.scratch.path("other/below");
  told("it is a link to nowhere: No such file or directory [mailbox-parent-closed]: Let");
}

TEST_CASE("a remedy that root would run is no command behind a link of the user's") {
  if (geteuid() != 0)
    return support::skipped("only root may give files away");
  const MailboxFixture fixture;
  fixture.give("mail/new", 0);
  const auto chown = "run: chown -R 12345:12345 " + fixture.scratch.path("mail");
  CHECK(fixture.text_of_mailbox().find("]: " + chown) != std::string::npos);
  boost::filesystem::rename(fixture.scratch.path("mail"), fixture.scratch.path("real"));
  REQUIRE(symlink("real", fixture.scratch.path("mail").c_str()) == 0);
  CHECK(fixture.text_of_mailbox().find("]: run: chown -RH 12345") != std::string::npos);
  fixture.give("mail");
  CHECK(fixture.text_of_mailbox().find("]: See where the user's links") != std::string::npos);
}

TEST_CASE(
    "a uid of the line that is not the mailbox's is named, and no command opens the mailbox") {
  if (geteuid() != 0)
    return support::skipped("only root may give files away");
  const MailboxFixture fixture;
  fixture.give("mail", owner + 1);
  CHECK(fixture.text_of_mailbox().find("]: Correct the uid in the line, which is 12345") !=
        std::string::npos);
  fixture.scratch.write("passwd", "alice:x:12346:12347:::\n", 0644);
  CHECK(fixture.text_of_mailbox().find("]: Write uid 12346 and gid 12347 into the line of alice") !=
        std::string::npos);
  fixture.scratch.write("passwd", "alice:x:12345:12345:::\n", 0644);
  CHECK(fixture.text_of_mailbox().find("]: run: chown -R 12345:12345") != std::string::npos);
}

TEST_CASE("a missing Maildir is made by its user, or where only root can by a directory before") {
  MailboxFixture fixture;
  fixture.context.settings.maildir = fixture.scratch.path("mail/more");
  CHECK(fixture.text_of_mailbox().find("]: run: sodapop maildir create alice\n") !=
        std::string::npos);
  if (geteuid() != 0)
    return;
  fixture.context.settings.maildir = fixture.scratch.path("more");
  CHECK(fixture.text_of_mailbox().find("]: run: install -d -o 12345 -g 12345 -m 0700 " +
                                       fixture.scratch.path("more") +
                                       " && sodapop maildir create alice\n") != std::string::npos);
}

TEST_CASE("a warning hides no error") {
  MailboxFixture fixture;
  fixture.set_mode("", 0757);
  fixture.context.settings.maildir = fixture.scratch.path("missing");
  CHECK(fixture.found_of_mailbox() ==
        Found{"warning mailbox-parent-writable", "error mailbox-missing"});
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

TEST_CASE("a uid that the kernel refuses is named, and the users after it are looked at" *
          doctest::skip(geteuid() != 0)) {
  const MailboxFixture fixture;
  support::Child in_namespace([&fixture] {
    std::array<int, 2> ready{};
    if (pipe(ready.data()) != 0)
      return support::not_prepared;
    const auto parent = getpid();
    const auto helper = fork();
    if (helper == 0) { // stays outside, where it may write the maps
      char octet = 0;
      const bool is_ready = read(ready[0], &octet, 1) == 1;
      for (const auto* map : {"uid_map", "gid_map"})
        support::write_file("/proc/" + std::to_string(parent) + "/" + map, "0 0 12345\n");
      _exit(is_ready ? 0 : 1);
    }
    int status = 0;
    if (unshare(CLONE_NEWUSER) != 0 || write(ready[1], "", 1) != 1 ||
        waitpid(helper, &status, 0) != helper || setresuid(0, 0, 0) != 0)
      return support::not_prepared;
    std::vector<users::User> users(2, fixture.alice());
    users.back().uid = users.back().gid = owner - 1;
    const auto found =
        fixture.found([&](auto& findings) { fixture.check_mailboxes(users, findings); });
    return found == Found{"error user-uid-refused", "error mailbox-owner"} ? 0 : 1;
  });
  const auto status = in_namespace.wait();
  if (status == support::not_prepared)
    return support::skipped("no user namespaces here");
  CHECK(status == 0);
}
