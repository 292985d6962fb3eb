// SPDX-License-Identifier: ISC
// A keeper of a read-only maildrop.
#include "support/running_keeper.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace keeper;
using namespace support;
using Names = std::vector<std::string>;

TEST_CASE("a client with read-only access is told so, and can read") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  RunningKeeper keeper(mail.path(), quick_settings(), {}, Access::read_only);
  CHECK(keeper.greeting.granted == 1);
  CHECK(keeper.greeting.is_read_only == 1);
  keeper.tell(numbered<ipc::OpenRequest>(1));
  std::vector<base::UniqueFd> files;
  CHECK(keeper.receive<ipc::OpenAnswer>(&files).entries[0].outcome == ipc::Outcome::done);
  CHECK(files.size() == 1);
  CHECK(keeper.end() == orderly);
}

TEST_CASE("a maildrop that may be changed says that, too") {
  const ScratchMaildir mail;
  RunningKeeper keeper(mail.path());
  CHECK(keeper.greeting.is_read_only == 0);
  CHECK(keeper.end() == orderly);
}

TEST_CASE("QUIT flags nothing in a maildrop that is read-only") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  RunningKeeper keeper(mail.path(), quick_settings(), {}, Access::read_only);
  ipc::MarksRequest marks;
  marks.first = 1;
  marks.retrieved[0] = 1;
  keeper.tell(marks);
  const auto answer = keeper.ask<ipc::CommitAnswer>(ipc::CommitRequest());
  CHECK(answer.outcome == ipc::Outcome::done);
  CHECK(answer.removed == 0);
  CHECK(answer.failed == 0);
  keeper.tell(ipc::ReportRequest());
  CHECK(keeper.await() == orderly);
  CHECK(mail.files() == Names{"new/1.a"});
}

TEST_CASE("a front that marks a message of a maildrop that is read-only has ended") {
  for (const std::size_t octet : {std::size_t{0}, ipc::marks_messages / 8 - std::size_t{1}}) {
    const ScratchMaildir mail;
    mail.put("new/1.a");
    RunningKeeper keeper(mail.path(), quick_settings(), {}, Access::read_only);
    ipc::MarksRequest marks;
    marks.first = 1;
    marks.deleted[octet] = 0x80;
    keeper.tell(marks);
    CHECK(keeper.await() == violated);
    CHECK(mail.files() == Names{"new/1.a"});
  }
}
