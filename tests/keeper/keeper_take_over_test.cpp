// SPDX-License-Identifier: ISC
// A keeper whose client is silent while another session of the user waits.
#include "support/running_keeper.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <optional>
#include <ostream>
#include <thread>

using namespace keeper;
using namespace support;
using namespace std::chrono_literals;
using Names = std::vector<std::string>;

namespace {

config::Settings patient_settings() {
  config::Settings settings;
  settings.lock_wait = 60;
  return settings;
}

bool is_taken_over(RunningKeeper& keeper) {
  return keeper.ask<ipc::SilenceAnswer>(ipc::SilenceRequest()).is_taken_over != 0;
}

/// A maildrop with a marked message, whose keeper has given it up for another.
struct TakenOver {
  ScratchMaildir mail;
  std::optional<RunningKeeper> old, next;

  TakenOver() {
    mail.put("new/1.a");
    const auto log = base::Log::open(mail.path("log"), "t");
    old.emplace(mail.path(), quick_settings(), log);
    old->mark({1});
    CHECK_FALSE(is_taken_over(*old));
    std::thread newcomer([&] { next.emplace(mail.path(), patient_settings(), log); });
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!is_taken_over(*old) && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(5ms);
    newcomer.join();
  }
};

} // namespace

TEST_CASE("a silent client's maildrop goes to a session that waits, without UPDATE") {
  TakenOver over;
  CHECK(over.next->greeting.granted == 1);
  over.old->tell(ipc::ReportRequest{.ending = ipc::Ending::taken_over});
  CHECK(over.old->await() == orderly);
  CHECK(over.next->end() == orderly);
  const auto log = over.mail.text("log");
  CHECK(log.find("event=taken-over held-since=") != log.npos);
  CHECK(log.find("held-from=192.0.2.7") != log.npos);
  CHECK(log.find("event=logout ended=taken-over") != log.npos);
  CHECK(over.mail.files() == Names{"new/1.a"});
}

TEST_CASE("a front that goes on after its maildrop was given up has ended") {
  const auto expect_violation = [](const auto& request) {
    TakenOver over;
    over.old->tell(request);
    CHECK(over.old->await() == violated);
    CHECK(over.mail.files() == Names{"new/1.a"});
  };
  expect_violation(ipc::CommitRequest());
  expect_violation(numbered<ipc::OpenRequest>(1));
  expect_violation(ipc::SilenceRequest());
}

TEST_CASE("nothing is given up after UPDATE has begun") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  RunningKeeper keeper(mail.path());
  keeper.mark({1});
  CHECK(keeper.ask<ipc::CommitAnswer>(ipc::CommitRequest()).removed == 1);
  keeper.tell(ipc::SilenceRequest());
  CHECK(keeper.await() == violated);
}
