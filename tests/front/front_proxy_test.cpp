// SPDX-License-Identifier: ISC
// The front behind a proxy.
#include "front/front.hpp"

#include "support/proxy_headers.hpp"
#include "support/running_front.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <sys/socket.h>

using namespace front;
using namespace support;

namespace {

const std::string header = "PROXY TCP4 192.0.2.7 192.0.2.1 56324 110\r\n";
constexpr auto greeting = "+OK POP3 server ready on pop.example.org\r\n";

config::Settings behind_proxy(std::uint32_t login_limit = 60) {
  config::Settings settings;
  settings.proxy = config::Settings::Proxy::required;
  settings.login_limit = login_limit;
  return settings;
}

MemoryKeeper::Answering admitting(ipc::Admission admission, bool is_protected = true) {
  return [=](MemoryKeeper& keeper, const ipc::Request& request) {
    if (!std::holds_alternative<ipc::ProxyRequest>(request))
      return keeper.answer_well(request);
    ipc::ProxyAnswer answer;
    answer.admission = admission;
    answer.is_protected = is_protected ? 1 : 0;
    keeper.send(answer);
  };
}

RunningFront::Setup setup(ipc::Admission admission = ipc::Admission::granted,
                          bool is_protected = true) {
  return {.settings = behind_proxy(),
          .preauth = false,
          .answering = admitting(admission, is_protected)};
}

} // namespace

TEST_CASE("the header comes first, then the greeting and a session as any other") {
  for (const auto& one : {header, from_client("")}) {
    RunningFront front(setup());
    front.say(one);
    CHECK(front.hear() == greeting);
    front.say("USER alice\r\nPASS x\r\nQUIT\r\n");
    CHECK(front.hear_all() ==
          "+OK name noted\r\n+OK maildrop has 0 messages\r\n+OK 0 messages removed, bye\r\n");
    front.hang_up();
    CHECK(front.ending() == ipc::Ending::quit);
    REQUIRE(std::holds_alternative<ipc::ProxyRequest>(front.requests().front()));
    const auto& request = std::get<ipc::ProxyRequest>(front.requests().front());
    CHECK(request.source.text() == "192.0.2.7");
  }
}

TEST_CASE("a client who does not wait for the greeting is answered") {
  RunningFront front(setup());
  front.say(header + "NOOP\r\nQUIT\r\n");
  CHECK(front.hear_all() ==
        std::string(greeting) + "-ERR unknown command, or not in this state\r\n+OK bye\r\n");
}

TEST_CASE("the monitor's answer decides whether passwords are accepted") {
  for (const bool is_protected : {false, true}) {
    RunningFront front(setup(ipc::Admission::granted, is_protected));
    front.say(header);
    CHECK(front.hear() == greeting);
    front.say("CAPA\r\n");
    CHECK((front.hear().find("\r\nUSER\r\n") != std::string::npos) == is_protected);
  }
}

TEST_CASE("a client that is not admitted gets an error in place of the greeting") {
  const std::pair<ipc::Admission, std::string> replies[] = {
      {ipc::Admission::too_many, "-ERR [SYS/TEMP] too many connections, try again later\r\n"},
      {ipc::Admission::penalty,
       "-ERR [SYS/TEMP] too many failed logins from your network; try again later\r\n"},
      {ipc::Admission::crash,
       "-ERR [SYS/TEMP] connections from your network are refused; try again later\r\n"},
      {ipc::Admission::failed, "-ERR [SYS/TEMP] the server cannot start\r\n"}};
  for (const auto& [admission, reply] : replies) {
    RunningFront front(setup(admission));
    front.say(header);
    CHECK(front.hear_all() == reply);
    front.hang_up();
    CHECK(front.ending() == ipc::Ending::refused);
  }
}

TEST_CASE("without a header the front sends nothing to the client and asks the monitor nothing") {
  const std::pair<std::string, ipc::Ending> beginnings[] = {
      {"USER alice\r\n", ipc::Ending::proxy_missing},
      {"PROXY TCP4 192.0.2.7\r\n", ipc::Ending::proxy_malformed}};
  for (const auto& [said, ending] : beginnings) {
    RunningFront front(setup());
    front.say(said);
    CHECK(front.hear_all().empty());
    CHECK(front.ending() == ending);
    CHECK(front.requests().size() == 1);
  }
}

TEST_CASE("a header that does not come before the end of the login is late") {
  RunningFront front({.settings = behind_proxy(1),
                      .preauth = false,
                      .answering = admitting(ipc::Admission::granted)});
  front.say("PROXY");
  CHECK(front.hear_all().empty());
  CHECK(front.ending() == ipc::Ending::proxy_late);
}

TEST_CASE("two headers that come together end the connection without a reply") {
  for (const auto& second : {header, from_client("")}) {
    RunningFront front(setup());
    front.say(header + second + "CAPA\r\n");
    CHECK(front.hear_all().empty());
    CHECK(front.ending() == ipc::Ending::proxy_doubled);
  }
}

TEST_CASE("a second header after the greeting is the end, in whatever pieces it comes") {
  for (const auto& second : {header, from_client("")})
    for (const std::size_t cut : {1u, 5u}) {
      RunningFront front(setup());
      front.say(header);
      CHECK(front.hear() == greeting);
      front.say(second.substr(0, cut));
      front.say(second.substr(cut));
      const auto heard = front.hear_all();
      CHECK(heard.find("+OK") == std::string::npos);
      CHECK(front.ending() == ipc::Ending::proxy_doubled);
    }
}

TEST_CASE("later a line that looks like a header is a bad command") {
  RunningFront front(setup());
  front.say(header);
  CHECK(front.hear() == greeting);
  front.say("CAPA\r\n");
  CHECK(front.hear().starts_with("+OK"));
  front.say(header);
  CHECK(front.hear() == "-ERR unknown command, or not in this state\r\n");
}

TEST_CASE("a session without login has no header in front") {
  RunningFront front({.settings = behind_proxy()});
  CHECK(front.hear() == greeting);
}
