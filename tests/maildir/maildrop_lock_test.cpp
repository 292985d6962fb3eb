// SPDX-License-Identifier: ISC
#include "maildir/maildrop_lock.hpp"

#include "base/file_identity.hpp"
#include "base/time_of_day.hpp"
#include "support/child.hpp"
#include "support/scratch_maildir.hpp"

#include <boost/filesystem/operations.hpp>
#include <doctest/doctest.h>
#include <optional>
#include <ostream>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>

using maildir::Access;
using maildir::format_holder;
using maildir::Holder;
using maildir::MaildropLock;
using maildir::parse_holder;
using namespace std::chrono_literals;
using namespace std::string_literals;
using Clock = std::chrono::steady_clock;

namespace {

/// Another session: a process that takes the lock and holds it until it is killed.
class OtherSession {
 public:
  explicit OtherSession(const support::ScratchMaildir& mail, const char* from = "192.0.2.7")
      : child_([&] {
          close(ends_[0]);
          const auto root = mail.root();
          const auto lock = MaildropLock::acquire(root.get(), 0ms, from);
          const char answer = lock ? 'y' : 'n';
          if (write(ends_[1], &answer, 1) == 1)
            pause();
          return 0;
        }) {
    close(ends_[1]);
    char answer = 'n';
    REQUIRE(read(ends_[0], &answer, 1) == 1);
    close(ends_[0]);
    holds_ = answer == 'y';
  }
  bool holds() const { return holds_; }
  void kill_9() { child_.end(); }

 private:
  struct Ends {
    int fds[2];
    Ends() { REQUIRE(pipe(fds) == 0); }
    int operator[](int i) const { return fds[i]; }
  } ends_;
  bool holds_ = false;
  support::Child child_;
};

bool can_lock(const support::ScratchMaildir& mail) {
  const auto root = mail.root();
  return MaildropLock::acquire(root.get(), 0ms, "").has_value();
}

} // namespace

TEST_CASE("one session at a time holds the maildrop; the next has it once the first has ended") {
  const support::ScratchMaildir mail;
  const auto root = mail.root();
  {
    const auto lock = MaildropLock::acquire(root.get(), 0ms, "192.0.2.7");
    REQUIRE(lock);
    CHECK_FALSE(can_lock(mail)); // same process, another open description
    OtherSession other(mail);
    CHECK_FALSE(other.holds());
  }
  OtherSession other(mail);
  CHECK(other.holds());
  CHECK_FALSE(can_lock(mail));
}

TEST_CASE("kill -9 of the holder frees the maildrop at once") {
  const support::ScratchMaildir mail;
  for (int i = 0; i < 5; ++i) {
    OtherSession other(mail);
    REQUIRE(other.holds());
    CHECK_FALSE(can_lock(mail));
    other.kill_9();
    CHECK(can_lock(mail));
  }
}

TEST_CASE("a refusal tells since when and from where the maildrop is held") {
  const support::ScratchMaildir mail;
  const auto before = base::seconds_since_1970();
  OtherSession other(mail, "2001:db8::7");
  const auto root = mail.root();
  const auto lock = MaildropLock::acquire(root.get(), 0ms, "192.0.2.1");
  REQUIRE_FALSE(lock);
  CHECK(lock.error().from == "2001:db8::7");
  CHECK(lock.error().since >= before);
  CHECK(lock.error().since <= base::seconds_since_1970());
}

TEST_CASE("a busy maildrop is waited for, and no longer than allowed") {
  const support::ScratchMaildir mail;
  const auto root = mail.root();
  OtherSession other(mail);
  const auto before = Clock::now();
  CHECK_FALSE(MaildropLock::acquire(root.get(), 250ms, ""));
  CHECK(Clock::now() - before >= 250ms);
  other.kill_9();
  CHECK(MaildropLock::acquire(root.get(), 60s, ""));
  CHECK(Clock::now() - before < 30s);
}

TEST_CASE("the wait for a busy maildrop can be ended, and the holder is wanted no more") {
  struct Enough {};
  const support::ScratchMaildir mail;
  const auto root = mail.root();
  const auto first = MaildropLock::acquire(root.get(), 0ms, "192.0.2.7");
  const auto before = Clock::now();
  const auto step = [&] {
    CHECK(first->is_wanted());
    throw Enough();
  };
  CHECK_THROWS_AS((void)MaildropLock::acquire(root.get(), 60s, "", Access::full, step), Enough);
  CHECK(Clock::now() - before < 30s);
  CHECK_FALSE(first->is_wanted());
}

TEST_CASE("a maildrop that is freed while we wait is ours") {
  const support::ScratchMaildir mail;
  const auto root = mail.root();
  OtherSession other(mail);
  REQUIRE(other.holds());
  std::thread ender([&other] {
    std::this_thread::sleep_for(100ms);
    other.kill_9();
  });
  CHECK(MaildropLock::acquire(root.get(), 60s, ""));
  ender.join();
}

TEST_CASE("the lock file stays for the next session, belongs to its owner and tells no more") {
  const support::ScratchMaildir mail;
  mail.put("sodapop.lock", std::string(1000, '9'));
  const auto root = mail.root();
  REQUIRE(MaildropLock::acquire(root.get(), 0ms, "192.0.2.7"));
  const auto text = mail.text("sodapop.lock");
  CHECK(parse_holder(text).from == "192.0.2.7");
  CHECK(text.find('\n') < 40);
  const support::ScratchMaildir fresh;
  const auto fresh_root = fresh.root();
  REQUIRE(MaildropLock::acquire(fresh_root.get(), 0ms, ""));
  struct stat facts {};
  REQUIRE(stat(fresh.path("sodapop.lock").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
}

TEST_CASE(
    "where something else has the name of the lock file, the directory is locked and it is told") {
  const support::ScratchMaildir mail;
  const auto root = mail.root();
  const auto expect_lock = [&](const char* problem) {
    const auto lock = MaildropLock::acquire(root.get(), 0ms, "192.0.2.7");
    REQUIRE(lock);
    CHECK_FALSE(lock->file);
    CHECK(lock->file_problem == problem);
    CHECK_FALSE(can_lock(mail));
  };
  boost::filesystem::create_symlink("elsewhere", mail.path("sodapop.lock"));
  expect_lock("sodapop.lock: Too many levels of symbolic links");
  CHECK_FALSE(boost::filesystem::exists(mail.path("elsewhere")));
  mail.remove("sodapop.lock");
  boost::filesystem::create_directory(mail.path("sodapop.lock"));
  expect_lock("sodapop.lock: Is a directory");
  boost::filesystem::remove(mail.path("sodapop.lock"));
  CHECK(MaildropLock::acquire(root.get(), 0ms, "")->file_problem.empty());
}

TEST_CASE("a lock on the directory alone is another program's, whatever session was there before") {
  const support::ScratchMaildir mail;
  const auto root = mail.root();
  REQUIRE(MaildropLock::acquire(root.get(), 0ms, "192.0.2.7"));
  const base::UniqueFd program(open(mail.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  REQUIRE(flock(program.get(), LOCK_EX) == 0);
  const auto refused = MaildropLock::acquire(root.get(), 0ms, "192.0.2.8");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().is_other_program);
  REQUIRE(flock(program.get(), LOCK_UN) == 0);
  OtherSession other(mail);
  CHECK_FALSE(MaildropLock::acquire(root.get(), 0ms, "").error().is_other_program);
}

TEST_CASE("a lock file that is replaced while it is waited for does not count") {
  const support::ScratchMaildir mail;
  const auto root = mail.root();
  OtherSession other(mail);
  REQUIRE(other.holds());
  std::thread replacer([&] {
    std::this_thread::sleep_for(100ms);
    mail.remove("sodapop.lock");
    mail.put("sodapop.lock", "");
    other.kill_9();
  });
  const auto lock = MaildropLock::acquire(root.get(), 60s, "192.0.2.7");
  replacer.join();
  REQUIRE(lock);
  CHECK(base::is_named(lock->file.get(), mail.path("sodapop.lock")));
  CHECK(parse_holder(mail.text("sodapop.lock")).from == "192.0.2.7");
}

TEST_CASE("a FIFO as lock file does not block a session") {
  const support::ScratchMaildir mail;
  const auto root = mail.root();
  REQUIRE(mkfifo(mail.path("sodapop.lock").c_str(), 0600) == 0);
  const auto before = Clock::now();
  try {
    (void)MaildropLock::acquire(root.get(), 0ms, "192.0.2.7");
  } catch (const std::system_error&) {
    // A refusal is as good as a lock.
  }
  CHECK(Clock::now() - before < 30s);
}

TEST_CASE("where no file can be made the directory itself is locked") {
  const support::ScratchMaildir mail;
  REQUIRE(chmod(mail.path().c_str(), 0555) == 0);
  const int status = support::run_unprivileged([&] {
    const auto root = mail.root(), other = mail.root();
    const auto first = MaildropLock::acquire(root.get(), 0ms, "192.0.2.7");
    const auto second = MaildropLock::acquire(other.get(), 0ms, "192.0.2.8");
    const bool unknown_holder = !second && second.error().since == 0 && second.error().from.empty();
    return first && unknown_holder ? 0 : 1;
  });
  REQUIRE(chmod(mail.path().c_str(), 0755) == 0);
  CHECK(status == 0);
  CHECK_FALSE(boost::filesystem::exists(mail.path("sodapop.lock")));
}

TEST_CASE("a session that waits is seen by a holder from which it may take the maildrop") {
  struct Case {
    Access holder, waiting;
    bool is_wanted;
  };
  for (const auto& [holder, waiting, is_wanted] : {Case{Access::full, Access::full, true},
                                                   {Access::full, Access::read_only, false},
                                                   {Access::read_only, Access::full, true},
                                                   {Access::read_only, Access::read_only, true}}) {
    const support::ScratchMaildir mail;
    const auto root = mail.root();
    std::optional<MaildropLock> first =
        std::move(*MaildropLock::acquire(root.get(), 0ms, "192.0.2.7", holder));
    CHECK_FALSE(first->is_wanted());
    std::optional<MaildropLock> second;
    std::thread newcomer([&, waiting = waiting] {
      second = std::move(*MaildropLock::acquire(root.get(), 60s, "192.0.2.8", waiting));
    });
    const auto end = Clock::now() + (is_wanted ? 30s : 200ms);
    while (!first->is_wanted() && Clock::now() < end)
      std::this_thread::sleep_for(5ms);
    CHECK(first->is_wanted() == is_wanted);
    first->note_taken_over();
    first.reset();
    newcomer.join();
    REQUIRE(second->previous);
    CHECK(second->previous->from == "192.0.2.7");
    CHECK(parse_holder(mail.text("sodapop.lock")).from == "192.0.2.8");
    CHECK_FALSE(second->is_wanted());
  }
}

TEST_CASE("a session that waits no more is not seen, and one that gave up its place is not told") {
  const support::ScratchMaildir mail;
  const auto root = mail.root();
  {
    const auto first = MaildropLock::acquire(root.get(), 0ms, "192.0.2.7");
    CHECK_FALSE(MaildropLock::acquire(root.get(), 50ms, "192.0.2.8"));
    CHECK_FALSE(first->is_wanted());
    first->note_taken_over();
  }
  CHECK_FALSE(MaildropLock::acquire(root.get(), 0ms, "192.0.2.9")->previous); // it has not waited
}

TEST_CASE("without a lock file a holder sees no session that waits") {
  const support::ScratchMaildir mail;
  boost::filesystem::create_directory(mail.path("sodapop.lock"));
  const auto root = mail.root();
  const auto lock = MaildropLock::acquire(root.get(), 0ms, "192.0.2.7");
  REQUIRE(lock);
  CHECK_FALSE(lock->is_wanted());
  lock->note_taken_over();
}

TEST_CASE("a holder's line is read back as it was written") {
  const auto holder = parse_holder(format_holder({1763856011, "192.0.2.7"}));
  CHECK(holder.since == 1763856011);
  CHECK(holder.from == "192.0.2.7");
  CHECK_FALSE(holder.is_taken_over);
  CHECK(parse_holder(format_holder({.since = 7, .from = "", .is_taken_over = true})).is_taken_over);
  const auto local = parse_holder(format_holder({7, "local"}));
  CHECK(local.since == 7);
  CHECK(local.from == "");
}

TEST_CASE("whatever a lock file holds, only a time and an address are taken from it") {
  struct Case {
    std::string line;
    std::int64_t since;
    std::string from;
  };
  const auto long_line = "12 " + std::string(100'000, '1');
  const Case cases[] = {{"", 0, ""},
                        {"\n", 0, ""},
                        {"x 192.0.2.7\n", 0, ""},
                        {"-5 192.0.2.7\n", 0, ""},
                        {"99999999999999999999 192.0.2.7\n", 0, ""},
                        {"12", 12, ""},
                        {"12 192.0.2.7", 12, "192.0.2.7"},
                        {"12 192.0.2.7\nmore", 12, "192.0.2.7"},
                        {"12 \n192.0.2.7", 12, ""},
                        {"12\t192.0.2.7\n", 12, ""},
                        {"12  192.0.2.7\n", 12, ""},
                        {"12 192.0.2.7 x\n", 12, ""},
                        {"12 [SYS/TEMP] call 555\r\n+OK\n", 12, ""},
                        {"12 192.0.2.7\0\n"s, 12, ""},
                        {"12 2001:DB8::7\n", 12, "2001:db8::7"},
                        {"\0\0"s, 0, ""},
                        {long_line, 12, ""}};
  for (const auto& one : cases) {
    const auto holder = parse_holder(one.line);
    CAPTURE(one.line.substr(0, 40));
    CHECK(holder.since == one.since);
    CHECK(holder.from == one.from);
  }
}
