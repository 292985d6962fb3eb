// SPDX-License-Identifier: ISC
// The front of a silent client, whose maildrop a new login of the user may take.
#include "support/running_front.hpp"

#include <algorithm>
#include <chrono>
#include <doctest/doctest.h>
#include <ostream>
#include <thread>

using namespace front;
using namespace std::chrono_literals;
using support::MemoryKeeper;
using support::RunningFront;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto greeting = "+OK POP3 server ready on pop.example.org\r\n";

/// A front whose client may lose its maildrop after a second of silence, and that does lose it when
/// the front asks for the time `lost_at`, counted from 1; with 0, never.
RunningFront::Setup taken_over_at(int lost_at, std::vector<std::string> messages = {"a\n"}) {
  config::Settings settings;
  settings.take_over = 1;
  return {
      .messages = std::move(messages),
      .settings = settings,
      .answering = [asked = 0, lost_at](MemoryKeeper& keeper, const ipc::Request& request) mutable {
        ipc::SilenceAnswer lost;
        lost.is_taken_over = 1;
        if (std::holds_alternative<ipc::SilenceRequest>(request) && ++asked == lost_at)
          keeper.send(lost);
        else
          keeper.answer_well(request);
      }};
}

auto times_asked(const RunningFront& front) {
  return std::ranges::count_if(front.requests(), [](const auto& request) {
    return std::holds_alternative<ipc::SilenceRequest>(request);
  });
}

} // namespace

TEST_CASE("a silent client whose maildrop was taken over is told, and its session ends") {
  RunningFront front(taken_over_at(2));
  CHECK(front.hear() == greeting);
  front.say("DELE 1\r\n");
  CHECK(front.hear() == "+OK marked\r\n");
  const auto before = Clock::now();
  CHECK(front.hear_all() == "-ERR [IN-USE] taken over by a new login\r\n");
  CHECK(Clock::now() - before >= 1900ms); // asked after one second, and after another
  front.hang_up();
  CHECK(front.ending() == ipc::Ending::taken_over);
  CHECK_FALSE(front.has_committed());
  CHECK(times_asked(front) == 2);
}

TEST_CASE("a client that takes no more of a reply is not told within it") {
  RunningFront front(taken_over_at(1, {std::string(8 << 20, 'x')}));
  CHECK(front.hear() == greeting);
  front.say("RETR 1\r\nDELE 1\r\nQUIT\r\n");
  CHECK(front.ending() == ipc::Ending::taken_over);
  CHECK(front.hear_all().find("-ERR") == std::string::npos);
  CHECK_FALSE(front.has_committed());
}

TEST_CASE("a client that speaks is not silent") {
  RunningFront front(taken_over_at(1));
  CHECK(front.hear() == greeting);
  for (const auto before = Clock::now(); Clock::now() - before < 2s;) {
    std::this_thread::sleep_for(200ms);
    front.say("NOOP\r\n");
    CHECK(front.hear() == "+OK\r\n");
  }
  front.hang_up();
  CHECK(front.ending() == ipc::Ending::connection_lost);
  CHECK(times_asked(front) == 0);
}

TEST_CASE("a silent client is never asked for where that is off, nor before the login") {
  for (const bool is_off : {true, false}) {
    auto setup = taken_over_at(1);
    setup.preauth = is_off;
    setup.settings.take_over = is_off ? 0 : 1;
    RunningFront front(std::move(setup));
    CHECK(front.hear() == greeting);
    std::this_thread::sleep_for(1300ms);
    front.hang_up();
    CHECK(front.ending() == ipc::Ending::connection_lost);
    CHECK(times_asked(front) == 0);
  }
}
