// SPDX-License-Identifier: ISC
#include "keeper/keeper.hpp"

#include "support/running_keeper.hpp"

#include <boost/filesystem/operations.hpp>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <ostream>
#include <set>
#include <sys/stat.h>

using namespace keeper;
using namespace support;
using Names = std::vector<std::string>;

namespace {

std::string text_of(const base::UniqueFd& fd, std::uint64_t length) {
  std::string text(length, '\0');
  const auto octets = pread(fd.get(), text.data(), text.size(), 0);
  text.resize(octets < 0 ? 0 : static_cast<std::size_t>(octets));
  return text;
}

} // namespace

TEST_CASE("a keeper tells how many messages there are, and what each is") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "one\n");
  mail.put("cur/2.b:2,S", "two two\n");
  RunningKeeper keeper(mail.path());
  CHECK(keeper.greeting.granted == 1);
  CHECK(keeper.greeting.count == 2);
  const auto sizes = keeper.ask<ipc::SizesAnswer>(numbered<ipc::SizesRequest>(1));
  CHECK(sizes.count == 2);
  CHECK(sizes.octets[0] == 5);
  CHECK(sizes.octets[1] == 9);
  const auto ids = keeper.ask<ipc::UniqueIdsAnswer>(numbered<ipc::UniqueIdsRequest>(2));
  CHECK(ids.first == 2);
  CHECK(ids.count == 1);
  CHECK(ids.ids[0].view() == "2.b");
  CHECK(keeper.end() == orderly);
}

TEST_CASE("a message is handed out as a descriptor that can be read and not written") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "one\n");
  RunningKeeper keeper(mail.path());
  keeper.tell(numbered<ipc::OpenRequest>(1));
  std::vector<base::UniqueFd> fds;
  const auto answer = keeper.receive<ipc::OpenAnswer>(&fds);
  CHECK(answer.count == 1);
  CHECK(answer.entries[0].outcome == ipc::Outcome::done);
  CHECK(answer.entries[0].length == 4);
  struct stat stored {};
  REQUIRE(stat(mail.path("new/1.a").c_str(), &stored) == 0);
  CHECK(answer.entries[0].modified.tv_sec == stored.st_mtim.tv_sec);
  CHECK(answer.entries[0].modified.tv_nsec == stored.st_mtim.tv_nsec);
  REQUIRE(fds.size() == 1);
  const auto& fd = fds.front();
  CHECK(text_of(fd, 4) == "one\n");
  CHECK(write(fd.get(), "x", 1) < 0);
  CHECK(ftruncate(fd.get(), 0) != 0);
  CHECK(keeper.end() == orderly);
}

TEST_CASE("a message that is gone is told, and the session goes on") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  mail.put("new/2.b");
  RunningKeeper keeper(mail.path());
  mail.remove("new/1.a");
  CHECK(keeper.ask<ipc::OpenAnswer>(numbered<ipc::OpenRequest>(1)).entries[0].outcome ==
        ipc::Outcome::gone);
  std::vector<base::UniqueFd> fds;
  keeper.tell(numbered<ipc::OpenRequest>(2));
  CHECK(keeper.receive<ipc::OpenAnswer>(&fds).entries[0].outcome == ipc::Outcome::done);
  CHECK(keeper.end() == orderly);
}

TEST_CASE("a message that the front could not read is logged with its name") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  RunningKeeper keeper(mail.path(), quick_settings(), base::Log::open(mail.path("log"), "t"));
  keeper.tell(ipc::ReadFailedRequest{{.message = 1}, EIO});
  keeper.tell(ipc::CodedRequest{{.message = 1}, pop3::Coding::zstd});
  CHECK(keeper.end() == orderly);
  const auto log = mail.text("log");
  CHECK(log.find("problem=message-encoded coding=zstd name=1.a") != log.npos);
  CHECK(log.find("problem=\"read a message: Input/output error\" name=1.a") != log.npos);
}

TEST_CASE("several messages are handed out in their order, without those that cannot be opened") {
  constexpr std::uint32_t gone = 3, too_large = 6;
  const ScratchMaildir mail;
  for (std::uint32_t i = 1; i <= ipc::max_opened + 1; ++i)
    mail.put("new/" + std::to_string(i) + ".a", std::string(i, 'x'));
  RunningKeeper keeper(mail.path());
  mail.remove("new/3.a");
  boost::filesystem::resize_file(mail.path("new/6.a"), maildir::max_message_octets + 1);
  for (const std::uint32_t first : {1u, 2u}) {
    keeper.tell(ipc::OpenRequest{{.message = first}, ipc::max_opened});
    std::vector<base::UniqueFd> fds;
    const auto answer = keeper.receive<ipc::OpenAnswer>(&fds);
    REQUIRE(answer.count == ipc::max_opened);
    REQUIRE(fds.size() == ipc::max_opened - 2);
    auto fd = fds.begin();
    for (std::uint32_t i = 0; i < answer.count; ++i) {
      const auto message = first + i;
      CAPTURE(message);
      const auto& entry = answer.entries[i];
      CHECK(entry.outcome == (message == gone        ? ipc::Outcome::gone
                              : message == too_large ? ipc::Outcome::permanent
                                                     : ipc::Outcome::done));
      if (entry.outcome == ipc::Outcome::done) {
        CHECK(entry.length == message);
        CHECK(text_of(*fd++, 100) == std::string(message, 'x'));
      }
    }
  }
  CHECK(keeper.end() == orderly);
}

TEST_CASE("only a commit changes the maildrop") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  mail.put("new/2.b");
  {
    RunningKeeper keeper(mail.path());
    keeper.mark({1, 2});
    CHECK(keeper.end() == orderly);
  }
  {
    RunningKeeper keeper(mail.path());
    keeper.mark({1, 2});
    keeper.tell(ipc::ReportRequest());
    CHECK(keeper.await() == orderly);
  }
  {
    RunningKeeper keeper(mail.path());
    keeper.mark({1, 2});
    keeper.kill_9();
  }
  CHECK(mail.files() == Names{"new/1.a", "new/2.b"});
  RunningKeeper keeper(mail.path());
  keeper.mark({1, 2});
  const auto answer = keeper.ask<ipc::CommitAnswer>(ipc::CommitRequest());
  CHECK(answer.outcome == ipc::Outcome::done);
  CHECK(answer.removed == 2);
  CHECK(keeper.end() == orderly);
  CHECK(mail.files().empty());
}

TEST_CASE("marks that are sent again replace those before") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  mail.put("new/2.b");
  RunningKeeper keeper(mail.path());
  keeper.mark({1});
  keeper.mark({2});
  CHECK(keeper.ask<ipc::CommitAnswer>(ipc::CommitRequest()).removed == 1);
  CHECK(mail.files() == Names{"new/1.a"});
  CHECK(keeper.end() == orderly);
}

TEST_CASE("marks beyond the last message are ignored") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  RunningKeeper keeper(mail.path());
  keeper.mark({2, 3, 8, 9, ipc::marks_messages});
  CHECK(keeper.ask<ipc::CommitAnswer>(ipc::CommitRequest()).removed == 0);
  CHECK(mail.files() == Names{"new/1.a"});
  CHECK(keeper.end() == orderly);
}

TEST_CASE("pages of sizes end with the maildrop") {
  for (const std::uint32_t messages :
       {ipc::page_messages - 1, ipc::page_messages, ipc::page_messages + 1}) {
    const ScratchMaildir mail;
    for (std::uint32_t i = 1; i <= messages; ++i)
      mail.put("new/" + std::to_string(1000 + i) + ".a");
    RunningKeeper keeper(mail.path());
    const auto first = keeper.ask<ipc::SizesAnswer>(numbered<ipc::SizesRequest>(1));
    CHECK(first.count == std::min(messages, ipc::page_messages));
    const auto last = keeper.ask<ipc::SizesAnswer>(numbered<ipc::SizesRequest>(messages));
    CHECK(last.count == 1);
    CHECK(last.octets[0] == 3);
    CHECK(keeper.end() == orderly);
  }
}

TEST_CASE("marks of a second page are those of its messages") {
  constexpr std::uint32_t messages = ipc::marks_messages + 1;
  const ScratchMaildir mail;
  for (std::uint32_t i = 1; i <= messages; ++i)
    mail.put("new/" + std::to_string(100'000 + i), "");
  RunningKeeper keeper(mail.path());
  REQUIRE(keeper.greeting.count == messages);
  auto second = numbered<ipc::MarksRequest>(ipc::marks_messages + 1);
  second.deleted[0] = 0xff; // the last message, and seven that do not exist
  keeper.tell(second);
  keeper.mark({ipc::marks_messages});
  CHECK(keeper.ask<ipc::CommitAnswer>(ipc::CommitRequest()).removed == 2);
  const auto left = mail.files();
  CHECK(left.size() == messages - 2);
  CHECK(left.back() == "new/" + std::to_string(100'000 + ipc::marks_messages - 1));
  CHECK(keeper.end() == orderly);
}

TEST_CASE("two sessions do not get one maildrop, and the next has it after kill -9") {
  const ScratchMaildir mail;
  RunningKeeper first(mail.path());
  REQUIRE(first.greeting.granted == 1);
  RunningKeeper second(mail.path());
  CHECK(second.greeting.granted == 0);
  CHECK(second.greeting.reason == pop3::Denial::Reason::in_use);
  CHECK(second.greeting.is_final == 1);
  CHECK(second.greeting.held_since > 0);
  CHECK(std::string(second.greeting.held_from.data()) == "192.0.2.7");
  CHECK(second.await() == not_opened);
  first.kill_9();
  RunningKeeper third(mail.path());
  CHECK(third.greeting.granted == 1);
}

TEST_CASE("a missing Maildir is refused for good, or empty when configured so") {
  const ScratchMaildir mail;
  {
    RunningKeeper keeper(mail.path("nowhere"));
    CHECK(keeper.greeting.granted == 0);
    CHECK(keeper.greeting.reason == pop3::Denial::Reason::permanent);
    CHECK(keeper.await() == not_opened);
  }
  auto settings = quick_settings();
  settings.missing_maildir = config::Settings::MissingMaildir::empty;
  RunningKeeper keeper(mail.path("nowhere"), settings);
  CHECK(keeper.greeting.granted == 1);
  CHECK(keeper.greeting.count == 0);
  const auto answer = keeper.ask<ipc::CommitAnswer>(ipc::CommitRequest());
  CHECK(answer.outcome == ipc::Outcome::done);
  CHECK(answer.removed == 0);
  CHECK(keeper.end() == orderly);
  CHECK_FALSE(boost::filesystem::exists(mail.path("nowhere")));
}

TEST_CASE("a directory that is no Maildir is refused for good") {
  const support::ScratchDir plain;
  RunningKeeper keeper(plain.path());
  CHECK(keeper.greeting.granted == 0);
  CHECK(keeper.greeting.reason == pop3::Denial::Reason::permanent);
}

TEST_CASE("mark-seen = no leaves what was retrieved as it is") {
  for (const bool mark_seen : {true, false}) {
    const ScratchMaildir mail;
    mail.put("new/1.a");
    auto settings = quick_settings();
    settings.mark_seen = mark_seen;
    RunningKeeper keeper(mail.path(), settings);
    auto marks = numbered<ipc::MarksRequest>(1);
    marks.retrieved[0] = 1;
    keeper.tell(marks);
    CHECK(keeper.ask<ipc::CommitAnswer>(ipc::CommitRequest()).outcome == ipc::Outcome::done);
    CHECK(mail.files() == Names{mark_seen ? "cur/1.a:2,S" : "new/1.a"});
    CHECK(keeper.end() == orderly);
  }
}

TEST_CASE("the log tells how the session ended and what it did") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "12345");
  mail.put("new/2.b");
  {
    RunningKeeper keeper(mail.path(), quick_settings(), base::Log::open(mail.path("log"), "t"));
    keeper.mark({1});
    (void)keeper.ask<ipc::CommitAnswer>(ipc::CommitRequest());
    ipc::ReportRequest report;
    report.ending = ipc::Ending::quit;
    report.retrieved = 7;
    report.retrieved_octets = 70;
    keeper.tell(report);
    CHECK(keeper.await() == orderly);
  }
  CHECK(mail.text("log").find("event=logout ended=quit retrieved=7 retrieved-octets=70 top=0 "
                              "top-octets=0 deleted=1 deleted-octets=5 left=1 seconds=0") !=
        std::string::npos);
  mail.remove("log");
  RunningKeeper keeper(mail.path(), quick_settings(), base::Log::open(mail.path("log"), "t"));
  CHECK(keeper.end() == orderly);
  CHECK(mail.text("log").find("ended=killed") != std::string::npos);
}

TEST_CASE("every ending has a word of its own") {
  std::set<std::string_view> words;
  for (unsigned ending = 0; ending <= unsigned(ipc::Ending::last); ++ending)
    CHECK(words.insert(ipc::log_name(static_cast<ipc::Ending>(ending))).second);
}

TEST_CASE("a client that has heard of the end may come back at once") {
  const ScratchMaildir mail;
  RunningKeeper first(mail.path());
  CHECK(first.ask<ipc::CommitAnswer>(ipc::CommitRequest()).outcome == ipc::Outcome::done);
  RunningKeeper second(mail.path());
  CHECK(second.greeting.granted == 1);
  first.tell(
      ipc::ReportRequest()); // not end(): the second keeper's process has inherited the channel
  CHECK(first.await() == orderly);
}

TEST_CASE("sizes that the front no longer waits for are not read to the end") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  {
    // Every second page is a hole, so that the file takes a while to read.
    const base::UniqueFd file(open(mail.path("new/1.a").c_str(), O_WRONLY | O_CLOEXEC));
    for (off_t at = 0; at < (off_t{128} << 20); at += 8192)
      REQUIRE(pwrite(file.get(), "x", 1, at) == 1);
  }
  RunningKeeper keeper(mail.path());
  keeper.tell(numbered<ipc::SizesRequest>(1));
  keeper.tell(ipc::ReportRequest());
  CHECK(keeper.await() == orderly);
  CHECK_THROWS_AS((void)keeper.receive<ipc::SizesAnswer>(), ipc::ChannelClosed);
}
