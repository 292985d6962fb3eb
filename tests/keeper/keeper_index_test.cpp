// SPDX-License-Identifier: ISC
// The index of sizes in a keeper.
#include "support/running_keeper.hpp"

#include <boost/filesystem/operations.hpp>
#include <doctest/doctest.h>
#include <ostream>

using namespace keeper;
using namespace support;

TEST_CASE("sizes that were read are kept for the next session, however this one ends") {
  const auto has_index = [](const ScratchMaildir& mail) {
    return boost::filesystem::exists(mail.path("sodapop.index"));
  };
  const auto in_session = [&](const auto& end) {
    const ScratchMaildir mail;
    mail.put("new/1.a");
    RunningKeeper keeper(mail.path());
    CHECK(keeper.ask<ipc::SizesAnswer>(numbered<ipc::SizesRequest>(1)).octets[0] == 3);
    CHECK_FALSE(has_index(mail));
    end(keeper);
    CHECK(has_index(mail));
  };
  in_session([](RunningKeeper& keeper) {
    (void)keeper.ask<ipc::CommitAnswer>(ipc::CommitRequest()); // saves the index before the answer
  });
  in_session([](RunningKeeper& keeper) { CHECK(keeper.end() == orderly); });
  in_session([](RunningKeeper& keeper) {
    keeper.tell(ipc::ReportRequest());
    CHECK(keeper.await() == orderly);
  });
  in_session([](RunningKeeper& keeper) {
    keeper.tell(ipc::LoginRequest());
    CHECK(keeper.await() == violated);
  });
}

TEST_CASE("a login alone neither reads nor writes an index") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  RunningKeeper keeper(mail.path());
  (void)keeper.ask<ipc::UniqueIdsAnswer>(numbered<ipc::UniqueIdsRequest>(1));
  CHECK(keeper.end() == orderly);
  CHECK_FALSE(boost::filesystem::exists(mail.path("sodapop.index")));
}

TEST_CASE("a size that turned out wrong is logged once, and right in the next session") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  mail.put("new/2.b");
  ipc::SizeChangedRequest changed;
  {
    RunningKeeper keeper(mail.path(), quick_settings(), base::Log::open(mail.path("log"), "t"));
    CHECK(keeper.ask<ipc::SizesAnswer>(numbered<ipc::SizesRequest>(1)).octets[0] == 3);
    mail.put("new/1.a", "longer\n");
    for (changed.message = 1; changed.message <= 2; ++changed.message)
      keeper.tell(changed);
    CHECK(keeper.ask<ipc::SizesAnswer>(numbered<ipc::SizesRequest>(1)).octets[0] == 3);
    CHECK(keeper.end() == orderly);
  }
  const auto log = mail.text("log");
  const auto at = log.find("event=maildir problem=size-changed name=1.a");
  REQUIRE(at != log.npos);
  CHECK(log.find("problem=size-changed", at + 20) == log.npos);
  CHECK(log.find("name=2.b") == log.npos); // the front was wrong about this size
  RunningKeeper keeper(mail.path());
  CHECK(keeper.ask<ipc::SizesAnswer>(numbered<ipc::SizesRequest>(1)).octets[0] == 8);
}

TEST_CASE("a problem of the index is logged once, and changes no size") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  mail.put("sodapop.index", "sodapop-index 2 1 0 0\n9999 1 1 1.a\nchecksum 0\n");
  {
    RunningKeeper keeper(mail.path(), quick_settings(), base::Log::open(mail.path("log"), "t"));
    CHECK(keeper.ask<ipc::SizesAnswer>(numbered<ipc::SizesRequest>(1)).octets[0] == 3);
    CHECK(keeper.ask<ipc::SizesAnswer>(numbered<ipc::SizesRequest>(1)).octets[0] == 3);
    (void)keeper.ask<ipc::CommitAnswer>(ipc::CommitRequest());
    CHECK(keeper.end() == orderly);
  }
  const auto log = mail.text("log");
  const auto at = log.find("event=index problem=");
  REQUIRE(at != log.npos);
  CHECK(log.find("event=index", at + 1) == log.npos);
}
