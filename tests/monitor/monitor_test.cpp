// SPDX-License-Identifier: ISC
// The monitor in a process of its own, with a test as its front, which may send anything.
#include "monitor/monitor.hpp"

#include "front/requester.hpp"
#include "passwords/password_hash.hpp"
#include "state/line_budget.hpp"
#include "state/slots.hpp"
#include "support/child.hpp"
#include "support/copies.hpp"
#include "support/scratch_maildir.hpp"
#include "support/session_profile.hpp"

#include <cstring>
#include <doctest/doctest.h>
#include <fstream>
#include <ostream>
#include <sys/socket.h>
#include <sys/stat.h>

using namespace monitor;
using support::ScratchMaildir;

namespace {

enum Status { orderly = 0, violated = 20 };

/// A monitor of a Maildir that is served without login, or of a site without a users file, so that
/// every login fails unless a test writes one. No user has a Maildir; a missing one is empty.
class RunningMonitor {
 public:
  explicit RunningMonitor(const ScratchMaildir& mail, const std::string& preauth = "",
                          bool is_protected = true, const char* address = "192.0.2.7")
      : monitors_end_(dup(ends_.second.fd())),
        child_([&] { return monitor(mail, preauth, is_protected, address); }) {
    ends_.second = ipc::Channel(base::UniqueFd());
    channel().set_limit(std::chrono::seconds(20));
  }

  ipc::Channel& channel() { return ends_.first; }
  template <class Message> void tell(const Message& message, int fd = -1) {
    channel().send(ipc::bytes_of(message), support::copies(fd));
  }
  template <class Answer> Answer receive() { return front::receive<Answer>(channel()); }
  int end() {
    ends_.first = ipc::Channel(base::UniqueFd());
    return child_.exit_status();
  }
  int await() { return child_.exit_status(); }
  /// The seconds for which the monitor waits for its front; 0 if there is no limit.
  time_t limit() const {
    timeval limit{};
    socklen_t size = sizeof limit;
    REQUIRE(getsockopt(monitors_end_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, &size) == 0);
    return limit.tv_sec;
  }

 private:
  int monitor(const ScratchMaildir& mail, const std::string& preauth, bool is_protected,
              const char* address) {
    ends_.first = ipc::Channel(base::UniqueFd());
    config::Settings settings;
    settings.users = mail.path("users");
    settings.runtime_directory = mail.path();
    settings.failure_delay = 0;
    settings.attempts = 2;
    settings.maildir = "/nonexistent/%u";
    settings.missing_maildir = config::Settings::MissingMaildir::empty;
    settings.max_connections_per_user = 1;
    settings.trusted_networks = *base::Networks::parse("198.51.100.0/24,127.0.0.0/8,local");
    auto log = base::Log::open(mail.path("log"), "t");
    base::Client client{base::Address::parse(address), base::Address::parse(address)};
    client.is_protected = is_protected;
    GuessGuard guard(settings, log);
    guard.set_client(client);
    Monitor monitor(std::move(ends_.second),
                    {{settings, log, {}, client}, "5e55", support::full_profile(is_protected)},
                    guard);
    try {
      preauth.empty() ? monitor.run() : monitor.run_preauthenticated("alice", preauth);
    } catch (const ipc::ProtocolViolation&) {
      return violated;
    }
    return orderly;
  }

  std::pair<ipc::Channel, ipc::Channel> ends_ = ipc::Channel::make_pair();
  base::UniqueFd monitors_end_; // has the options of the socket
  support::Child child_;
};

template <class Act> void expect_the_end(const Act& act) {
  const ScratchMaildir mail;
  RunningMonitor monitor(mail);
  act(monitor);
  CHECK(monitor.await() == violated);
}

} // namespace

TEST_CASE("before login a monitor answers no question about messages") {
  expect_the_end([](RunningMonitor& monitor) {
    ipc::SizesRequest request;
    request.message = 1;
    monitor.tell(request);
  });
  expect_the_end([](RunningMonitor& monitor) {
    ipc::OpenRequest request;
    request.message = 1;
    monitor.tell(request);
  });
  expect_the_end([](RunningMonitor& monitor) { monitor.tell(ipc::CommitRequest()); });
}

TEST_CASE("garbage, a descriptor and too long a message are the end of a monitor") {
  expect_the_end([](RunningMonitor& monitor) { monitor.tell(std::array<char, 5>{}); });
  expect_the_end([](RunningMonitor& monitor) { monitor.tell(ipc::LoginRequest(), 2); });
  expect_the_end([](RunningMonitor& monitor) { monitor.tell(ipc::UniqueIdsAnswer()); });
}

TEST_CASE("a monitor counts the attempts itself: the last is final, one more is the end") {
  expect_the_end([](RunningMonitor& monitor) {
    monitor.tell(ipc::LoginRequest());
    const auto first = monitor.receive<ipc::LoginAnswer>();
    CHECK(first.granted == 0);
    CHECK(first.is_final == 0);
    monitor.tell(ipc::LoginRequest());
    CHECK(monitor.receive<ipc::LoginAnswer>().is_final == 1);
    monitor.tell(ipc::LoginRequest());
  });
}

TEST_CASE("a password on an unprotected connection is the end of a monitor") {
  const ScratchMaildir mail;
  RunningMonitor monitor(mail, "", false);
  monitor.tell(ipc::LoginRequest());
  CHECK(monitor.await() == violated);
}

TEST_CASE("a front that has reported may say nothing more to a monitor") {
  expect_the_end([](RunningMonitor& monitor) {
    monitor.tell(ipc::ReportRequest());
    monitor.tell(ipc::ReportRequest());
  });
}

TEST_CASE("a front that reports or goes ends a monitor in order, and the log tells which") {
  const ScratchMaildir mail;
  {
    RunningMonitor monitor(mail);
    ipc::ReportRequest report;
    report.ending = ipc::Ending::login_limit;
    report.said = ipc::Said::more;
    monitor.tell(report);
    CHECK(monitor.end() == orderly);
  }
  CHECK(mail.text("log").find("event=disconnect ended=login-limit seconds=0 session=5e55 "
                              "from=192.0.2.7") != std::string::npos);
  RunningMonitor monitor(mail);
  CHECK(monitor.end() == orderly);
  CHECK(mail.text("log").find("event=disconnect ended=killed") != std::string::npos);
}

TEST_CASE("a connection without a word of the client is not logged, and the next one tells of it") {
  const ScratchMaildir mail;
  ipc::ReportRequest report;
  {
    RunningMonitor monitor(mail);
    monitor.tell(report);
    CHECK(monitor.end() == orderly);
  }
  CHECK(mail.text("log").empty());
  RunningMonitor monitor(mail);
  report.said = ipc::Said::only_quit;
  monitor.tell(report);
  CHECK(monitor.end() == orderly);
  CHECK(mail.text("log").find("event=connect protected=yes suppressed=1 ") != std::string::npos);
}

TEST_CASE("a health check from a trusted network leaves no line, also one from this host") {
  for (const std::string address : {"198.51.100.7", "127.0.0.1", "a local socket"}) {
    CAPTURE(address);
    const ScratchMaildir mail;
    RunningMonitor monitor(mail, "", true, address.c_str());
    monitor.tell(ipc::ReportRequest{.ending = ipc::Ending::quit, .said = ipc::Said::only_quit});
    CHECK(monitor.end() == orderly);
    CHECK(mail.text("log").empty());
  }
}

TEST_CASE("a connection with a login is logged, whatever the front says") {
  const ScratchMaildir mail;
  RunningMonitor monitor(mail);
  monitor.tell(ipc::LoginRequest());
  CHECK(monitor.receive<ipc::LoginAnswer>().granted == 0);
  monitor.tell(ipc::ReportRequest{.said = ipc::Said::nothing});
  CHECK(monitor.end() == orderly);
  CHECK(mail.text("log").find("event=connect ") != std::string::npos);
  CHECK(mail.text("log").find("event=disconnect ") != std::string::npos);
}

TEST_CASE("without login the monitor is a keeper at once") {
  const ScratchMaildir mail, outside;
  mail.put("new/1.a");
  RunningMonitor monitor(outside, mail.path());
  const auto greeting = monitor.receive<ipc::LoginAnswer>();
  CHECK(greeting.granted == 1);
  CHECK(greeting.count == 1);
  monitor.tell(ipc::LoginRequest());
  CHECK(monitor.await() == violated);
  CHECK(outside.text("log").find("event=login method=PREAUTH messages=1 user=alice") !=
        std::string::npos);
}

TEST_CASE("a silent front is ended before login, and may send one message for days after it") {
  const ScratchMaildir mail, outside;
  mail.put("new/1.a");
  {
    RunningMonitor monitor(outside);
    monitor.tell(ipc::LoginRequest());
    CHECK(monitor.receive<ipc::LoginAnswer>().granted == 0);
    CHECK(monitor.limit() == config::Settings().login_limit + 30);
  }
  RunningMonitor monitor(outside, mail.path());
  CHECK(monitor.receive<ipc::LoginAnswer>().granted == 1);
  ipc::SizesRequest request;
  request.message = 1;
  monitor.tell(request);
  CHECK(monitor.receive<ipc::SizesAnswer>().count == 1);
  CHECK(monitor.limit() == 0);
}

namespace {

/// Writes the user alice, with the password `wonderland` and a uid that the tests may take.
void write_users(const ScratchMaildir& mail) {
  const auto id = std::to_string(geteuid() == 0 ? 65534 : geteuid());
  std::ofstream(mail.path("users"))
      << "alice:" << passwords::make(base::Secret("wonderland"), passwords::least_cost) << ":" << id
      << ":" << id << "::::\n";
  chmod(mail.path("users").c_str(), 0600);
}

ipc::LoginRequest alice() {
  ipc::LoginRequest request;
  request.name_length = static_cast<std::uint32_t>(std::string("alice").copy(&request.name[0], 5));
  request.password_length =
      static_cast<std::uint32_t>(std::string("wonderland").copy(&request.password[0], 10));
  return request;
}

} // namespace

TEST_CASE("a user who has all sessions already is told so, and may try again while attempts last") {
  const ScratchMaildir mail;
  write_users(mail);
  RunningMonitor monitor(mail); // does not inherit the slot
  auto slot =
      state::take_user_slot(mail.path("user-slots"), "alice", 1, std::chrono::steady_clock::now());
  REQUIRE(slot.has_value());
  monitor.tell(alice());
  const auto first = monitor.receive<ipc::LoginAnswer>();
  CHECK(first.granted == 0);
  CHECK(first.reason == pop3::Denial::Reason::too_many);
  CHECK(first.is_final == 0);
  CHECK(mail.text("log").find("event=unavailable reason=max-connections-per-user user=alice") !=
        std::string::npos);
  SUBCASE("in vain") {
    monitor.tell(alice());
    const auto last = monitor.receive<ipc::LoginAnswer>();
    CHECK(last.reason == pop3::Denial::Reason::too_many);
    CHECK(last.is_final == 1);
    slot.reset();
  }
  SUBCASE("with success") {
    slot.reset();
    monitor.tell(alice());
    const auto second = monitor.receive<ipc::LoginAnswer>();
    INFO(mail.text("log"));
    CHECK(second.granted == 1);
    CHECK_FALSE(
        state::take_user_slot(mail.path("user-slots"), "alice", 1, std::chrono::steady_clock::now())
            .has_value());
  }
  CHECK(monitor.end() == orderly);
  CHECK(state::take_user_slot(mail.path("user-slots"), "alice", 1, std::chrono::steady_clock::now())
            .has_value());
}

TEST_CASE("an unusable file for the slots is a temporary failure, and gives no session") {
  const ScratchMaildir mail;
  write_users(mail);
  REQUIRE(mkdir(mail.path("user-slots").c_str(), 0700) == 0);
  RunningMonitor monitor(mail);
  monitor.tell(alice());
  const auto answer = monitor.receive<ipc::LoginAnswer>();
  CHECK(answer.granted == 0);
  CHECK(answer.reason == pop3::Denial::Reason::temporary);
  CHECK(mail.text("log").find("event=unavailable reason=user-slots-failed problem=") !=
        std::string::npos);
  CHECK(monitor.end() == orderly);
}

TEST_CASE("of a connection that is not logged no attempt is that was refused without a look") {
  const ScratchMaildir mail;
  write_users(mail);
  std::string lines;
  const auto connect = [&] {
    const auto before = mail.text("log").size();
    RunningMonitor monitor(mail, "", false);
    monitor.tell(ipc::UnprotectedRequest());
    CHECK(monitor.end() == orderly);
    lines = mail.text("log").substr(before);
    return lines.find("event=login-failed reason=unprotected") != std::string::npos;
  };
  CHECK(connect());
  const auto fill_this_second = [&] {
    using namespace std::chrono;
    const auto now = duration_cast<seconds>(steady_clock::now().time_since_epoch()).count();
    while (state::take_line_turn(mail.path(), now).is_logged)
      continue;
  };
  fill_this_second();
  for (int i = 0; i < 20 && connect(); ++i) { // when the next second has begun meanwhile
    CHECK(lines.find("event=connect ") != std::string::npos);
    fill_this_second();
  }
  CHECK(lines.empty());
}
