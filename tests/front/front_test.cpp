// SPDX-License-Identifier: ISC
#include "front/front.hpp"

#include "pop3/refusal.hpp"
#include "support/proxy_headers.hpp"
#include "support/running_front.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <ostream>
#include <sys/socket.h>
#include <thread>

using namespace front;
using namespace std::chrono_literals;
using support::MemoryKeeper;
using support::RunningFront;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto greeting = "+OK POP3 server ready on pop.example.org\r\n";

config::Settings settings_with(std::uint32_t idle_limit, std::uint32_t login_limit = 60) {
  config::Settings settings;
  settings.idle_limit = idle_limit;
  settings.login_limit = login_limit;
  return settings;
}

/// The time for which the front takes `text`, sent ten times a second, until it ends the
/// connection.
Clock::duration send_until_the_end(RunningFront& front, std::string_view text) {
  const auto before = Clock::now();
  while (Clock::now() - before < RunningFront::patience &&
         send(front.client.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
             static_cast<ssize_t>(text.size()))
    std::this_thread::sleep_for(100ms);
  return Clock::now() - before;
}

} // namespace

TEST_CASE("a PROXY header that is not expected gets one reply, and the end of the connection") {
  for (const auto& header :
       {std::string("PROXY TCP4 192.0.2.7 192.0.2.1 56324 110\r\n"), support::from_client("")}) {
    RunningFront front({.preauth = false});
    CHECK(front.hear() == greeting);
    front.say(header + "USER alice\r\n");
    CHECK(front.hear_all() == "-ERR [SYS/PERM] a PROXY header came, but none is expected\r\n");
    front.hang_up();
    CHECK(front.ending() == ipc::Ending::proxy_unexpected);
    CHECK(front.requests().size() == 1);
  }
}

TEST_CASE("a session without login looks for no header: a program of the user has started it") {
  RunningFront front({});
  CHECK(front.hear() == "+OK POP3 server ready on pop.example.org\r\n");
  front.say("PROXY UNKNOWN\r\n");
  CHECK(front.hear() == "-ERR unknown command, or not in this state\r\n");
}

TEST_CASE("TLS on a connection without it gets no reply") {
  RunningFront front({.preauth = false});
  CHECK(front.hear() == greeting);
  front.say("\x16\x03\x01");
  CHECK(front.hear_all().empty());
  CHECK(front.ending() == ipc::Ending::tls_unexpected);
}

TEST_CASE("a session from greeting to QUIT") {
  RunningFront front({.messages = {"A: 1\n\n.b\n"}, .preauth = false});
  CHECK(front.hear() == greeting);
  front.say("USER alice\r\n");
  CHECK(front.hear() == "+OK name noted\r\n");
  front.say("PASS x\r\n");
  CHECK(front.hear() == "+OK maildrop has 1 messages\r\n");
  front.say("RETR 1\r\n");
  CHECK(front.hear() == "+OK message follows\r\nA: 1\r\n\r\n..b\r\n.\r\n");
  front.say("TOP 1 0\r\n");
  CHECK(front.hear() == "+OK message follows\r\nA: 1\r\n\r\n.\r\n");
  front.say("QUIT\r\n");
  CHECK(front.hear_all() == "+OK 0 messages removed, bye\r\n");
  front.hang_up();
  const auto report = front.report();
  CHECK(report.ending == ipc::Ending::quit);
  CHECK(report.retrieved == 1);
  CHECK(report.retrieved_octets == 12);
  CHECK(report.top == 1);
  CHECK(report.top_octets == 8);
  CHECK(front.has_committed());
}

TEST_CASE("any number of commands in one write are answered in one write") {
  RunningFront front({.messages = {"a\n", "b\n"}, .type = SOCK_SEQPACKET});
  CHECK(front.hear() == greeting);
  std::string commands, replies;
  for (int i = 0; i < 500; ++i) {
    commands += "NOOP\r\nLIST 2\r\n";
    replies += "+OK\r\n+OK 2 3\r\n";
  }
  commands += "RETR 1\r\nQUIT\r\n";
  replies += "+OK message follows\r\na\r\n.\r\n";
  front.say(commands);
  CHECK(front.hear() == replies); // before UPDATE
  CHECK(front.hear() == "+OK 0 messages removed, bye\r\n");
  CHECK(front.hear() == "");
  front.hang_up();
  CHECK(front.ending() == ipc::Ending::quit);
}

TEST_CASE("more commands than fit into the reader are answered in one write as well") {
  RunningFront front({});
  CHECK(front.hear() == greeting);
  std::string commands, replies;
  while (commands.size() <= 4 * pop3::max_line) {
    commands += "NOOP\r\n";
    replies += "+OK\r\n";
  }
  front.say(commands);
  CHECK(front.hear() == replies);
}

TEST_CASE("a reply that fits is one write, body included") {
  RunningFront front({.messages = {std::string(50'000, 'x') + "\n"}, .type = SOCK_SEQPACKET});
  CHECK(front.hear() == greeting);
  front.say("RETR 1\r\n");
  CHECK(front.hear() == "+OK message follows\r\n" + std::string(50'000, 'x') + "\r\n.\r\n");
}

TEST_CASE("commands octet by octet are answered as any other") {
  RunningFront front({.messages = {"a\n"}});
  CHECK(front.hear() == greeting);
  for (const char c : std::string_view("STAT\r\n"))
    front.say({&c, 1});
  CHECK(front.hear() == "+OK 1 3\r\n");
}

TEST_CASE("a silent client is closed after the idle limit, without a word and without UPDATE") {
  RunningFront front({.messages = {"a\n"}, .settings = settings_with(1)});
  CHECK(front.hear() == greeting);
  const auto before = Clock::now();
  front.say("DELE 1\r\n");
  CHECK(front.hear() == "+OK marked\r\n");
  CHECK(front.hear() == "");
  CHECK(Clock::now() - before >= 1s);
  CHECK(Clock::now() - before < RunningFront::patience);
  CHECK(front.ending() == ipc::Ending::idle);
  CHECK_FALSE(front.has_committed());
}

TEST_CASE("whole commands extend the idle limit") {
  RunningFront front({.settings = settings_with(3)});
  CHECK(front.hear() == greeting);
  for (const auto before = Clock::now(); Clock::now() - before < 3200ms;) {
    std::this_thread::sleep_for(400ms);
    front.say("NOOP\r\n");
    CHECK(front.hear() == "+OK\r\n");
  }
}

TEST_CASE("single octets do not extend the idle limit") {
  RunningFront front({.settings = settings_with(1)});
  CHECK(front.hear() == greeting);
  CHECK(send_until_the_end(front, "N") < RunningFront::patience);
  CHECK(front.ending() == ipc::Ending::idle);
}

TEST_CASE("nothing extends the time to log in") {
  RunningFront front({.settings = settings_with(600, 1), .preauth = false});
  CHECK(front.hear() == greeting);
  CHECK(send_until_the_end(front, "AUTH\r\n") < RunningFront::patience);
  CHECK(front.ending() == ipc::Ending::login_limit);
}

TEST_CASE("a client that never reads is closed after the idle limit") {
  RunningFront front({.messages = {std::string(8 << 20, 'x')}, .settings = settings_with(1)});
  const auto before = Clock::now();
  front.say("RETR 1\r\n");
  CHECK(front.ending() == ipc::Ending::idle);
  CHECK(Clock::now() - before >= 1s);
  CHECK(Clock::now() - before < RunningFront::patience);
}

TEST_CASE("a client may end its side and still get its answers; without QUIT nothing is removed") {
  RunningFront front({.messages = {"a\n"}});
  front.say("STAT\r\nDELE 1\r\nQUI");
  shutdown(front.client.get(), SHUT_WR);
  CHECK(front.hear_all() == std::string(greeting) + "+OK 1 3\r\n+OK marked\r\n");
  front.hang_up();
  CHECK(front.ending() == ipc::Ending::connection_lost);
  CHECK_FALSE(front.has_committed());
}

TEST_CASE("QUIT counts even when its reply cannot be delivered") {
  RunningFront front({.messages = {"a\n"}});
  CHECK(front.hear() == greeting);
  front.say("DELE 1\r\n");
  CHECK(front.hear() == "+OK marked\r\n");
  front.say("QUIT\r\n");
  front.hang_up();
  CHECK(front.ending() == ipc::Ending::quit);
  CHECK(front.has_committed());
}

TEST_CASE("QUIT does not count when the replies before it cannot be delivered") {
  for (const std::string commands : {"DELE 1\r\nQUIT\r\n", "RETR 1\r\nDELE 1\r\nquit \r\n"}) {
    RunningFront front({.messages = {"a\n"}});
    CHECK(front.hear() == greeting);
    front.pause();
    front.say(commands);
    front.hang_up();
    front.go_on();
    CHECK(front.ending() == ipc::Ending::connection_lost);
    CHECK_FALSE(front.has_committed());
  }
}

TEST_CASE("QUIT does not count when the client does not take the replies before it") {
  config::Settings settings;
  settings.idle_limit = 1;
  RunningFront front({.messages = {std::string(3'000'000, 'x')}, .settings = settings});
  CHECK(front.hear() == greeting);
  front.say("RETR 1\r\nDELE 1\r\nQUIT\r\n");
  CHECK(front.ending() == ipc::Ending::idle);
  CHECK_FALSE(front.has_committed());
}

TEST_CASE("a message that was cut short closes the connection without the last dot") {
  const auto answering = [](MemoryKeeper& keeper, const ipc::Request& request) {
    if (!std::holds_alternative<ipc::OpenRequest>(request))
      return keeper.answer_well(request);
    const auto file = support::memory_file("A: 1\n\n" + std::string(200'000, 'x'));
    keeper.send_files(file.get(), 1 << 20); // the length when the keeper opened the file
  };
  RunningFront front({.messages = {"a\n"}, .answering = answering});
  CHECK(front.hear() == greeting);
  front.say("RETR 1\r\n");
  const auto all = front.hear_all();
  CHECK_FALSE(all.ends_with("\r\n.\r\n"));
  CHECK(all.find("\r\n.\r\n") == all.npos);
  front.hang_up();
  CHECK(front.ending() == ipc::Ending::message_changed);
  CHECK_FALSE(front.has_committed());
}

TEST_CASE("a message that cannot be read is refused while nothing of the reply has left") {
  const auto answering = [](MemoryKeeper& keeper, const ipc::Request& request) {
    if (!std::holds_alternative<ipc::OpenRequest>(request))
      return keeper.answer_well(request);
    const base::UniqueFd directory(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    keeper.send_files(directory.get(), 10);
  };
  RunningFront front({.messages = {"a\n"}, .answering = answering});
  CHECK(front.hear() == greeting);
  front.say("NOOP\r\nRETR 1\r\nTOP 1 0\r\nLAST\r\nQUIT\r\n");
  const std::string refusal = "-ERR [SYS/TEMP] the maildrop failed, try again later\r\n";
  CHECK(front.hear_all() ==
        "+OK\r\n" + refusal + refusal + "+OK 0\r\n+OK 0 messages removed, bye\r\n");
  front.hang_up();
  const auto report = front.report();
  CHECK(report.ending == ipc::Ending::quit);
  CHECK(report.retrieved == 0);
  CHECK(report.top == 0);
  unsigned failures = 0;
  for (const auto& request : front.requests()) {
    if (const auto* failed = std::get_if<ipc::ReadFailedRequest>(&request)) {
      CHECK(failed->message == 1);
      CHECK(failed->error == EISDIR);
      ++failures;
    } else if (const auto* marks = std::get_if<ipc::MarksRequest>(&request)) {
      CHECK(marks->retrieved[0] == 0);
    }
  }
  CHECK(failures == 2);
}

TEST_CASE("a wrong answer or the end of the keeper ends the session without UPDATE") {
  for (const bool dies : {true, false}) {
    const auto answering = [dies](MemoryKeeper& keeper, const ipc::Request& request) {
      if (std::holds_alternative<ipc::ReportRequest>(request))
        return;
      if (dies)
        keeper.leave();
      else
        keeper.send(ipc::CommitAnswer());
    };
    RunningFront front({.messages = {"a\n"}, .answering = answering});
    CHECK(front.hear() == greeting);
    front.say("LIST 1\r\n");
    CHECK(front.hear() == "");
    if (!dies)
      CHECK(front.ending() == ipc::Ending::failure);
  }
}

namespace {

/// Answers all requests but those of one kind, to which it says nothing.
template <class Silent> void answer_others(MemoryKeeper& keeper, const ipc::Request& request) {
  if (!std::holds_alternative<Silent>(request))
    keeper.answer_well(request);
}

constexpr auto no_answer = "-ERR [SYS/TEMP] the maildrop failed, try again later\r\n";

/// The replies to `commands` of a session with a keeper that answers as told, which the idle limit
/// of a second ends.
std::string replies_until_limit(const char* commands, MemoryKeeper::Answering answering) {
  RunningFront front({.messages = {"a\n", "b\n"},
                      .settings = settings_with(1),
                      .answering = std::move(answering)});
  CHECK(front.hear() == greeting);
  const auto before = Clock::now();
  front.say(commands);
  const auto replies = front.hear_all();
  CHECK(Clock::now() - before >= 1s);
  CHECK(Clock::now() - before < RunningFront::patience);
  front.hang_up();
  CHECK(front.ending() == ipc::Ending::no_answer);
  return replies;
}

} // namespace

TEST_CASE("a keeper that does not answer ends the session at the idle limit, with a word") {
  CHECK(replies_until_limit("NOOP\r\nLIST\r\n", answer_others<ipc::SizesRequest>) ==
        std::string("+OK\r\n") + no_answer);
  CHECK(replies_until_limit("UIDL\r\nQUIT\r\n", answer_others<ipc::UniqueIdsRequest>) == no_answer);
  CHECK(replies_until_limit("RETR 2\r\n", answer_others<ipc::OpenRequest>) == no_answer);
  CHECK(replies_until_limit("QUIT\r\n", answer_others<ipc::CommitRequest>) == no_answer);
}

TEST_CASE("a login that is not answered ends at the login limit, with a word") {
  RunningFront front({.settings = settings_with(600, 1),
                      .preauth = false,
                      .answering = answer_others<ipc::LoginRequest>});
  const auto before = Clock::now();
  front.say("USER a\r\nPASS b\r\nCAPA\r\n");
  CHECK(front.hear_all() == std::string(greeting) +
                                "+OK name noted\r\n"
                                "-ERR [SYS/TEMP] login is not possible now\r\n");
  CHECK(Clock::now() - before < RunningFront::patience);
  front.hang_up();
  CHECK(front.ending() == ipc::Ending::login_limit);
}

TEST_CASE("a client that leaves while the keeper is silent is not waited for") {
  RunningFront front({.messages = {"a\n"}, .answering = answer_others<ipc::OpenRequest>});
  CHECK(front.hear() == greeting);
  front.say("RETR 1\r\n");
  front.hang_up();
  CHECK(front.ending() == ipc::Ending::connection_lost);
}

TEST_CASE("UPDATE is waited for when the client has left") {
  const auto slow = [](MemoryKeeper& keeper, const ipc::Request& request) {
    if (std::holds_alternative<ipc::CommitRequest>(request))
      std::this_thread::sleep_for(1500ms);
    keeper.answer_well(request);
  };
  RunningFront front({.messages = {"a\n"}, .answering = slow});
  CHECK(front.hear() == greeting);
  front.say("QUIT\r\n");
  front.hang_up();
  CHECK(front.ending() == ipc::Ending::quit);
}

TEST_CASE("no alarm ends a front whose client does not close the connection after QUIT") {
  RunningFront front({.messages = {"a\n"}, .settings = settings_with(1)});
  CHECK(front.hear() == greeting);
  front.say("RETR 1\r\nQUIT\r\n");
  CHECK(front.ending() == ipc::Ending::quit);
}

TEST_CASE("too many bad commands close the connection and are reported so") {
  RunningFront front({});
  std::string bad;
  for (unsigned i = 0; i < pop3::max_bad_commands; ++i)
    bad += "x\r\n";
  front.say(bad);
  CHECK(front.hear_all().ends_with("-ERR too many bad commands\r\n"));
  front.hang_up();
  CHECK(front.ending() == ipc::Ending::too_many_bad_commands);
}

TEST_CASE("the last refusal closes the connection and is reported so") {
  const auto answering = [](MemoryKeeper& keeper, const ipc::Request& request) {
    ipc::LoginAnswer answer;
    answer.is_final = 1;
    if (std::holds_alternative<ipc::LoginRequest>(request))
      keeper.send(answer);
  };
  RunningFront front({.preauth = false, .answering = answering});
  front.say("USER a\r\nPASS b\r\nNOOP\r\n");
  CHECK(front.hear_all() == std::string(greeting) +
                                "+OK name noted\r\n"
                                "-ERR [AUTH] name or password not accepted\r\n");
  front.hang_up();
  CHECK(front.ending() == ipc::Ending::too_many_attempts);
}

TEST_CASE("a last refusal without a look is reported so, too") {
  const auto answering = [](MemoryKeeper& keeper, const ipc::Request& request) {
    ipc::LoginAnswer answer;
    answer.reason = pop3::Denial::Reason::penalty;
    answer.is_final = 1;
    answer.hint_length = static_cast<std::uint8_t>(
        pop3::too_many_failures(7).copy(answer.hint.data(), answer.hint.size()));
    if (std::holds_alternative<ipc::LoginRequest>(request))
      keeper.send(answer);
  };
  RunningFront front({.preauth = false, .answering = answering});
  front.say("USER a\r\nPASS b\r\nNOOP\r\n");
  CHECK(front.hear_all() ==
        std::string(greeting) +
            "+OK name noted\r\n"
            "-ERR [SYS/TEMP] too many failed logins; try again in 7 seconds\r\n");
  front.hang_up();
  CHECK(front.ending() == ipc::Ending::too_many_attempts);
}

TEST_CASE("the report tells a client that has said nothing, only QUIT, or more") {
  using ipc::Said;
  const std::pair<std::string, Said> rows[] = {{"", Said::nothing},
                                               {"QUIT\r\n", Said::only_quit},
                                               {"quit\n", Said::only_quit},
                                               {"Q", Said::more},
                                               {"CAPA\r\nQUIT\r\n", Said::more},
                                               {"\r\n", Said::more},
                                               {"QUIT now\r\n", Said::more},
                                               {"\r\nQUIT\r\n", Said::more},
                                               {"NOOP\r\n", Said::more}};
  for (const auto& row : rows) {
    const auto& [said, told] = row;
    CAPTURE(row.first); // clang 14 captures no structured binding
    RunningFront front({.preauth = false});
    CHECK(front.hear() == greeting);
    front.say(said);
    shutdown(front.client.get(), SHUT_WR);
    front.hear_all();
    front.hang_up();
    CHECK(front.report().said == told);
  }
}
