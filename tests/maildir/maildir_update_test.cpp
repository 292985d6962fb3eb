// SPDX-License-Identifier: ISC
// The update of a Maildir after QUIT.
#include "maildir/maildir.hpp"

#include "support/child.hpp"
#include "support/failing_call.hpp"
#include "support/scratch_maildir.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using maildir::Maildir;
using pop3::Marks;
using support::ScratchMaildir;
using Names = std::vector<std::string>;

namespace {

Marks marks(const Maildir& mail, std::initializer_list<pop3::MessageNumber> messages) {
  Marks marks(mail.count());
  for (const auto message : messages)
    marks.set(message);
  return marks;
}

} // namespace

TEST_CASE("nothing changes on disk before update") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  mail.put("cur/2.b:2,");
  {
    auto opened = mail.open();
    for (pop3::MessageNumber message : {1u, 2u}) {
      (void)opened.octets(message);
      (void)opened.open_message(message);
    }
  }
  CHECK(mail.files() == Names{"cur/2.b:2,", "new/1.a"});
}

TEST_CASE("update removes what is marked and nothing else") {
  const ScratchMaildir mail;
  for (const auto* name : {"new/1.a", "cur/2.b:2,S", "new/3.c", "cur/4.d:2,"})
    mail.put(name, "12345");
  auto opened = mail.open();
  const auto outcome = opened.update(marks(opened, {2, 3}), Marks(4), true);
  CHECK(outcome.removed == 2);
  CHECK(outcome.failed == 0);
  CHECK(outcome.removed_octets == 10);
  CHECK(mail.files() == Names{"cur/4.d:2,", "new/1.a"});
}

TEST_CASE("update moves what was retrieved to cur with the flag S") {
  const ScratchMaildir mail;
  for (const auto* name : {"new/1.a", "cur/2.b:2,", "cur/3.c:2,RT", "cur/4.d:2,S", "new/5.e"})
    mail.put(name, name);
  auto opened = mail.open();
  const auto outcome = opened.update(Marks(5), marks(opened, {1, 2, 3, 4}), true);
  CHECK(outcome.unflagged == 0);
  CHECK(outcome.removed == 0);
  CHECK(mail.files() ==
        Names{"cur/1.a:2,S", "cur/2.b:2,S", "cur/3.c:2,RST", "cur/4.d:2,S", "new/5.e"});
  CHECK(mail.text("cur/1.a:2,S") == "new/1.a");
}

TEST_CASE("mark-seen = no leaves names as they are") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  auto opened = mail.open();
  CHECK(opened.update(Marks(1), marks(opened, {1}), false).unflagged == 0);
  CHECK(mail.files() == Names{"new/1.a"});
}

TEST_CASE("a message retrieved and marked is removed") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  auto opened = mail.open();
  const auto outcome = opened.update(marks(opened, {1}), marks(opened, {1}), true);
  CHECK(outcome.removed == 1);
  CHECK(mail.files().empty());
}

TEST_CASE("update finds what was renamed meanwhile") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  mail.put("new/2.b");
  auto opened = mail.open();
  mail.move("new/1.a", "cur/1.a:2,F");
  mail.move("new/2.b", "cur/2.b:2,F");
  const auto outcome = opened.update(marks(opened, {1}), marks(opened, {2}), true);
  CHECK(outcome.removed == 1);
  CHECK(outcome.failed == 0);
  CHECK(outcome.unflagged == 0);
  CHECK(mail.files() == Names{"cur/2.b:2,FS"});
}

TEST_CASE("a message that another program has removed is neither removed here nor a failure") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  mail.put("new/2.b");
  auto opened = mail.open();
  mail.remove("new/1.a");
  mail.remove("new/2.b");
  const auto outcome = opened.update(marks(opened, {1}), marks(opened, {2}), true);
  CHECK(outcome.removed == 0);
  CHECK(outcome.gone == 1);
  CHECK(outcome.removed_octets == 0);
  CHECK(outcome.failed == 0);
  CHECK(outcome.unflagged == 0);
}

TEST_CASE("a file that the client was not shown is not removed, and its message is named") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "second");
  mail.put("cur/1.a:2,S", "first");
  mail.put("new/2.b");
  auto opened = mail.open();
  REQUIRE(opened.open_message(1).fd);
  mail.remove("cur/1.a:2,S");
  std::vector<std::string> failures;
  const auto outcome = opened.update(marks(opened, {1, 2}), Marks(2), true,
                                     [&](pop3::MessageNumber message, const auto& error) {
                                       failures.emplace_back(opened.file_name(message));
                                       CHECK(error.code().value() == EEXIST);
                                     });
  CHECK(outcome.removed == 1);
  CHECK(outcome.failed == 1);
  CHECK(outcome.gone == 0);
  CHECK(failures == Names{"1.a"});
  CHECK(mail.files() == Names{"new/1.a"});
}

TEST_CASE("a file that took a message's place is removed once it was opened for the client") {
  for (const bool is_opened : {true, false}) {
    const ScratchMaildir mail;
    mail.put("new/1.a", "as listed");
    auto opened = mail.open();
    mail.put("tmp/1", "rewritten");
    mail.move("tmp/1", "new/1.a");
    CHECK_FALSE(opened.open_ahead(1).fd); // shows the client nothing
    if (is_opened) {
      CHECK(opened.open_message(1).fd);
      CHECK(opened.open_ahead(1).fd);
    }
    const auto outcome = opened.update(marks(opened, {1}), Marks(1), true);
    CHECK(outcome.removed == (is_opened ? 1 : 0));
    CHECK(outcome.failed == (is_opened ? 0 : 1));
    CHECK(mail.files().empty() == is_opened);
  }
}

TEST_CASE("a file that takes a message's place while update removes others is not removed") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  mail.put("new/2.b");
  auto opened = mail.open();
  const auto replace = [&mail](const std::string& name) {
    mail.put("tmp/1");
    mail.move("tmp/1", name);
  };
  replace("new/1.a"); // for which update lists again
  const auto outcome = opened.update(marks(opened, {1, 2}), Marks(2), true,
                                     [&](pop3::MessageNumber message, const auto&) {
                                       if (message == 1)
                                         replace("new/2.b");
                                     });
  CHECK(outcome.removed == 0);
  CHECK(outcome.failed == 2);
  CHECK(mail.files() == Names{"new/1.a", "new/2.b"});
}

TEST_CASE("a file that the client was not shown does not get the flag S") {
  for (const bool is_opened : {true, false}) {
    const ScratchMaildir mail;
    mail.put("new/1.a", "as listed");
    auto opened = mail.open();
    REQUIRE(opened.open_message(1).fd);
    mail.put("tmp/1", "rewritten");
    mail.move("tmp/1", "new/1.a");
    if (is_opened)
      REQUIRE(opened.open_message(1).fd);
    const auto outcome = opened.update(Marks(1), marks(opened, {1}), true);
    CHECK(outcome.flagged == (is_opened ? 1 : 0));
    CHECK(outcome.unflagged == 0);
    CHECK(mail.files() == Names{is_opened ? "cur/1.a:2,S" : "new/1.a"});
  }
}

TEST_CASE("nothing is opened ahead once eight files were not those that were listed") {
  const ScratchMaildir mail;
  for (int i = 1; i <= 9; ++i)
    mail.put("new/" + std::to_string(i));
  auto opened = mail.open();
  for (pop3::MessageNumber message = 1; message <= 8; ++message) {
    CHECK(opened.open_ahead(9).fd);
    mail.put("tmp/1");
    mail.move("tmp/1", "new/" + std::to_string(message));
    CHECK(opened.open_message(message).fd);
  }
  CHECK_FALSE(opened.open_ahead(9).fd);
  CHECK(opened.open_message(9).fd);
}

TEST_CASE("the file that was listed is removed even after another was shown in its place") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "as listed");
  auto opened = mail.open();
  mail.move("new/1.a", "tmp/1");
  mail.put("new/1.a", "another");
  REQUIRE(opened.open_message(1).fd);
  mail.move("tmp/1", "new/1.a");
  CHECK(opened.update(marks(opened, {1}), Marks(1), true).removed == 1);
  CHECK(mail.files().empty());
}

TEST_CASE("a file is followed to another name and removed there") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  mail.put("new/2.b");
  usleep(20'000); // more than the resolution of file times
  auto opened = mail.open();
  mail.move("new/1.a", "cur/9.new-name:2,S");
  mail.move("new/2.b", "new/8.other-name");
  const auto outcome = opened.update(marks(opened, {1}), marks(opened, {2}), true);
  CHECK(outcome.removed == 1);
  CHECK(outcome.unflagged == 0);
  CHECK(mail.files() == Names{"cur/8.other-name:2,S"});
}

TEST_CASE("a link, a FIFO or a directory in a message's place is a failure and stays") {
  const ScratchMaildir mail;
  for (const auto* name : {"new/1.a", "new/2.b", "new/3.c"})
    mail.put(name);
  auto opened = mail.open();
  for (const auto* name : {"new/1.a", "new/2.b", "new/3.c"})
    mail.remove(name);
  REQUIRE(symlink("nowhere", mail.path("new/1.a").c_str()) == 0);
  REQUIRE(mkfifo(mail.path("new/2.b").c_str(), 0600) == 0);
  REQUIRE(mkdir(mail.path("new/3.c").c_str(), 0700) == 0);
  const auto outcome = opened.update(marks(opened, {1, 2, 3}), Marks(3), true);
  CHECK(outcome.failed == 3);
  CHECK(outcome.removed + outcome.gone == 0);
  CHECK(mail.files().size() == 3);
}

TEST_CASE("a message that was missed once and is there again is there") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  mail.put("new/2.b");
  auto opened = mail.open();
  mail.move("new/1.a", "tmp/1");
  CHECK_FALSE(opened.open_message(1).fd);
  mail.move("tmp/1", "cur/1.a:2,S");
  usleep(100'000); // it is not looked for all the time
  CHECK(opened.open_message(1).fd);
  mail.move("cur/1.a:2,S", "tmp/1");
  CHECK_FALSE(opened.open_message(1).fd);
  mail.move("tmp/1", "new/1.a");
  CHECK(opened.update(marks(opened, {1}), Marks(2), true).removed == 1); // looks for it at once
}

TEST_CASE("many messages that are gone cost few listings") {
  const ScratchMaildir mail;
  constexpr pop3::MessageNumber messages = 3000;
  for (pop3::MessageNumber i = 1; i <= messages; ++i)
    mail.put("new/" + std::to_string(1'000'000 + i), "");
  auto opened = mail.open();
  for (pop3::MessageNumber i = 1; i <= messages; ++i)
    mail.remove("new/" + std::to_string(1'000'000 + i));
  for (pop3::MessageNumber i = messages + 1; i <= 2 * messages; ++i)
    mail.put("new/" + std::to_string(1'000'000 + i), ""); // so that a listing takes time
  Marks all(messages);
  for (pop3::MessageNumber i = 1; i <= messages; ++i)
    all.set(i);
  CHECK(opened.update(all, Marks(messages), true).gone == messages);
}

TEST_CASE("a flag is never set over another file") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "one");
  auto opened = mail.open();
  mail.put("cur/1.a:2,S", "other");
  const auto outcome = opened.update(Marks(1), marks(opened, {1}), true);
  CHECK(outcome.unflagged == 1);
  CHECK(mail.text("new/1.a") == "one");
  CHECK(mail.text("cur/1.a:2,S") == "other");
}

TEST_CASE("a message whose name leaves no room for the flag moves to cur, and is no failure") {
  const ScratchMaildir mail;
  const std::string fits(251, '1'), full(252, '2');
  mail.put("new/" + fits);
  mail.put("new/" + full);
  for (int session = 1; session <= 2; ++session) {
    auto opened = mail.open();
    const auto outcome = opened.update(Marks(2), marks(opened, {1, 2}), true);
    CHECK(outcome.unflagged == 0);
    CHECK(mail.files() == Names{"cur/" + fits + ":2,S", "cur/" + full});
  }
}

TEST_CASE("update reports what could not be removed or flagged, and does the rest") {
  const ScratchMaildir mail;
  chmod(mail.path().c_str(), 0755);
  for (const auto* name : {"new/1.a", "cur/2.b:2,", "new/3.c", "cur/4.d:2,", "new/5.e"})
    mail.put(name);
  chmod(mail.path("new").c_str(), 0777);
  chmod(mail.path("cur").c_str(), 0555); // no file can leave or enter it
  const int status = support::run_unprivileged([&] {
    auto opened = Maildir::open(mail.root());
    opened->scan();
    const auto outcome = opened->update(marks(*opened, {1, 2, 3}), marks(*opened, {4, 5}), true);
    const bool as_wanted = outcome.removed == 2 && outcome.failed == 1 && outcome.unflagged == 2;
    return as_wanted ? 0 : 1;
  });
  CHECK(status == 0);
  CHECK(mail.files() == Names{"cur/2.b:2,", "cur/4.d:2,", "new/5.e"});
}

TEST_CASE("folders are synced if they were changed, and a failure is told") {
  const auto sync_error = [](const char* name, bool is_deleted, bool is_retrieved) {
    const ScratchMaildir mail;
    mail.put(name);
    return support::Child([&] {
             auto opened = mail.open();
             if (!support::fail_call(SYS_fsync, EIO))
               return support::not_prepared;
             Marks one(1);
             one.set(1);
             return opened.update(is_deleted ? one : Marks(1), is_retrieved ? one : Marks(1), true)
                 .sync_error;
           })
        .exit_status();
  };
  for (const auto* name : {"new/1.a", "cur/1.a:2,", "cur/1.a:2,S"}) {
    CHECK(sync_error(name, false, false) == 0);
    CHECK(sync_error(name, true, false) == EIO);
    CHECK(sync_error(name, false, true) == (std::string(name) == "cur/1.a:2,S" ? 0 : EIO));
  }
}

TEST_CASE("what is flagged is counted if it had no flag before") {
  const ScratchMaildir mail;
  for (const auto* name : {"new/1.a", "cur/2.b:2,S", "cur/3.c:2,"})
    mail.put(name);
  auto opened = mail.open();
  const auto outcome = opened.update(Marks(3), marks(opened, {1, 2, 3}), true);
  CHECK(outcome.flagged == 2);
  CHECK(outcome.unflagged == 0);
}

TEST_CASE(
    "where the file system cannot set flags safely, that is told once and removals are done") {
  const ScratchMaildir mail;
  for (const auto* name : {"new/1.a", "new/2.b", "new/3.c"})
    mail.put(name);
  CHECK(support::Child([&] {
          auto opened = mail.open();
          if (!support::fail_call(SYS_renameat2, EINVAL) || !support::fail_call(SYS_linkat, EPERM))
            return support::not_prepared;
          const auto outcome = opened.update(marks(opened, {3}), marks(opened, {1, 2}), true);
          return !outcome.can_flag && outcome.unflagged == 0 && outcome.removed == 1 ? 0 : 1;
        }).exit_status() == 0);
  CHECK(mail.files() == Names{"new/1.a", "new/2.b"});
}

TEST_CASE("a folder that cannot be listed any more does not keep update from doing the rest") {
  const ScratchMaildir mail;
  chmod(mail.path().c_str(), 0755);
  for (const auto* name : {"new/1.a", "new/2.b", "new/3.c"})
    mail.put(name);
  for (const auto* folder : {"cur", "new"})
    if (getuid() == 0)
      REQUIRE(chown(mail.path(folder).c_str(), 65534, 65534) == 0);
  const int status = support::run_unprivileged([&] {
    auto opened = Maildir::open(mail.root());
    opened->scan();
    unlink(mail.path("new/1.a").c_str());  // update has to look for it
    chmod(mail.path("new").c_str(), 0300); // and cannot list this folder
    const auto outcome = opened->update(marks(*opened, {1, 2, 3}), Marks(3), true);
    return outcome.removed == 2 && outcome.failed + outcome.gone == 1 ? 0 : 1;
  });
  chmod(mail.path("new").c_str(), 0700);
  CHECK(status == 0);
  CHECK(mail.files().empty());
}
