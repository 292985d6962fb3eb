// SPDX-License-Identifier: ISC
// The monitor of a connection that a proxy passes on.
#include "monitor/monitor.hpp"

#include "front/requester.hpp"
#include "state/slots.hpp"
#include "support/child.hpp"
#include "support/scratch_maildir.hpp"
#include "support/session_profile.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace monitor;
using support::ScratchMaildir;
using Origin = proxy_protocol::Header::Origin;
using Proxy = config::Settings::Proxy;
using Tls = proxy_protocol::Header::Tls;

namespace {

enum Status { orderly = 0, violated = 20 };

class RunningMonitor {
 public:
  explicit RunningMonitor(const ScratchMaildir& place, Proxy proxy = Proxy::required)
      : child_([&] { return monitor(place, proxy); }) {
    ends_.second = ipc::Channel(base::UniqueFd());
    ends_.first.set_limit(std::chrono::seconds(20));
  }

  template <class Message> void tell(const Message& message) {
    ends_.first.send(ipc::bytes_of(message));
  }
  template <class Answer> Answer receive() { return front::receive<Answer>(ends_.first); }
  ipc::ProxyAnswer introduce(const ipc::ProxyRequest& request) {
    tell(request);
    return receive<ipc::ProxyAnswer>();
  }
  void report(ipc::Ending ending, ipc::Said said = ipc::Said::more) {
    ipc::ReportRequest report;
    report.ending = ending;
    report.said = said;
    tell(report);
  }
  int end() {
    ends_.first = ipc::Channel(base::UniqueFd());
    return child_.exit_status();
  }
  int await() { return child_.exit_status(); }

 private:
  int monitor(const ScratchMaildir& place, Proxy proxy_setting) {
    ends_.first = ipc::Channel(base::UniqueFd());
    config::Settings settings;
    settings.users = place.path("users");
    settings.runtime_directory = place.path();
    settings.failure_delay = 0;
    settings.max_connections_per_source = 1;
    settings.proxy = proxy_setting;
    auto log = base::Log::open(place.path("log"), "t");
    const auto proxy = base::Address::parse("10.0.0.1"); // on this host: the socket has no peer
    MonitorContext where{{settings, log, {}, {{}, proxy}}, "5e55", support::full_profile()};
    try {
      GuessGuard guard(settings, log);
      Monitor(std::move(ends_.second), std::move(where), guard).run();
    } catch (const ipc::ProtocolViolation&) {
      return violated;
    }
    return orderly;
  }

  std::pair<ipc::Channel, ipc::Channel> ends_ = ipc::Channel::make_pair();
  support::Child child_;
};

ipc::ProxyRequest request_of(Origin origin, Tls tls = Tls::unknown) {
  ipc::ProxyRequest request;
  request.origin = origin;
  request.tls = tls;
  if (origin == Origin::client)
    request.source = *base::Address::parse("192.0.2.7");
  return request;
}

bool logged(const ScratchMaildir& place, std::string_view text) {
  return place.text("log").find(text) != std::string::npos;
}

} // namespace

TEST_CASE("a login before the proxy's request is the end of a monitor") {
  const ScratchMaildir place;
  RunningMonitor monitor(place);
  monitor.tell(ipc::LoginRequest());
  CHECK(monitor.await() == violated);
}

TEST_CASE("a second request of a proxy is the end of a monitor, before a login and after it") {
  const ScratchMaildir place;
  RunningMonitor monitor(place);
  CHECK(monitor.introduce(request_of(Origin::client, Tls::yes)).is_protected == 1);
  SUBCASE("at once") {}
  SUBCASE("after a login that failed") {
    monitor.tell(ipc::LoginRequest());
    CHECK(monitor.receive<ipc::LoginAnswer>().granted == 0);
  }
  monitor.tell(request_of(Origin::proxy));
  CHECK(monitor.await() == violated);
}

TEST_CASE("an address without a client is the end of a monitor") {
  const ScratchMaildir place;
  RunningMonitor monitor(place);
  auto request = request_of(Origin::proxy);
  request.source = *base::Address::parse("192.0.2.7");
  monitor.tell(request);
  CHECK(monitor.await() == violated);
}

TEST_CASE("the log has the client's address, and where the proxy is") {
  const ScratchMaildir place;
  RunningMonitor monitor(place);
  CHECK(monitor.introduce(request_of(Origin::client, Tls::yes)).admission ==
        ipc::Admission::granted);
  monitor.report(ipc::Ending::quit);
  CHECK(monitor.end() == orderly);
  CHECK(logged(place, "event=connect protected=yes proxy=10.0.0.1 session=5e55 from=192.0.2.7"));
  CHECK(logged(place, "event=disconnect ended=quit seconds=0 session=5e55 from=192.0.2.7"));
}

TEST_CASE("a password of a client who came without TLS is the end of a monitor") {
  const ScratchMaildir place;
  RunningMonitor monitor(place);
  CHECK(monitor.introduce(request_of(Origin::client, Tls::no)).is_protected == 0);
  monitor.tell(ipc::LoginRequest());
  CHECK(monitor.await() == violated);
  CHECK(logged(place, "event=connect protected=no"));
}

TEST_CASE("a health check of a proxy leaves nothing in the log") {
  for (const auto origin : {Origin::proxy, Origin::unknown}) {
    const ScratchMaildir place;
    RunningMonitor monitor(place);
    CHECK(monitor.introduce(request_of(origin)).admission == ipc::Admission::granted);
    monitor.report(ipc::Ending::quit);
    CHECK(monitor.end() == orderly);
    CHECK(place.text("log").empty());
  }
}

TEST_CASE("a proxy that tries to log in is logged as a client") {
  const ScratchMaildir place;
  RunningMonitor monitor(place);
  CHECK(monitor.introduce(request_of(Origin::proxy)).is_protected == 1);
  for (int attempt = 0; attempt < 2; ++attempt) {
    monitor.tell(ipc::LoginRequest());
    CHECK(monitor.receive<ipc::LoginAnswer>().granted == 0);
  }
  CHECK(monitor.end() == orderly);
  CHECK(logged(place, "event=connect protected=yes session=5e55 from=10.0.0.1"));
  CHECK(logged(place, "event=disconnect ended=killed"));
  const auto text = place.text("log");
  CHECK(text.find("event=connect") == text.rfind("event=connect"));
}

TEST_CASE("the problem of a header is logged, and no connection") {
  const std::pair<ipc::Ending, const char*> problems[] = {
      {ipc::Ending::proxy_missing, "missing hint=\"let the proxy send it, or set proxy = off\""},
      {ipc::Ending::proxy_malformed, "malformed"},
      {ipc::Ending::proxy_late, "late"}};
  for (const auto& [ending, problem] : problems) {
    const ScratchMaildir place;
    RunningMonitor monitor(place);
    monitor.report(ending, ipc::Said::nothing);
    CHECK(monitor.end() == orderly);
    CHECK(logged(place, std::string("event=proxy-header problem=") + problem +
                            " session=5e55 from=10.0.0.1"));
    CHECK_FALSE(logged(place, "connect"));
  }
}

TEST_CASE(
    "a header or TLS that is not expected is one line, with a hint, and the connection is none") {
  const std::pair<ipc::Ending, const char*> beginnings[] = {
      {ipc::Ending::proxy_unexpected,
       "event=proxy-header problem=unexpected hint=\"set proxy = required, "},
      {ipc::Ending::tls_unexpected,
       "event=tls problem=unexpected hint=\"this port is without TLS: "}};
  for (const auto& [ending, line] : beginnings) {
    const ScratchMaildir place;
    RunningMonitor monitor(place, Proxy::off);
    monitor.report(ending);
    CHECK(monitor.end() == orderly);
    CHECK(logged(place, line));
    CHECK_FALSE(logged(place, "connect"));
  }
}

TEST_CASE("a client behind a proxy that says nothing is not logged") {
  const ScratchMaildir place;
  RunningMonitor monitor(place);
  monitor.introduce(request_of(Origin::client));
  monitor.report(ipc::Ending::connection_lost, ipc::Said::nothing);
  CHECK(monitor.end() == orderly);
  CHECK(place.text("log").empty());
}

TEST_CASE("a second header is logged, and the end of the connection too") {
  const ScratchMaildir place;
  RunningMonitor monitor(place);
  monitor.introduce(request_of(Origin::client));
  monitor.report(ipc::Ending::proxy_doubled);
  CHECK(monitor.end() == orderly);
  CHECK(logged(place, "event=proxy-header problem=doubled session=5e55 from=192.0.2.7"));
  CHECK(logged(place, "event=disconnect ended=proxy-header-doubled"));
}

TEST_CASE("a client's slot is held until the monitor ends; without one only a report may come") {
  const ScratchMaildir place;
  RunningMonitor first(place);
  CHECK(first.introduce(request_of(Origin::client, Tls::yes)).admission == ipc::Admission::granted);
  {
    RunningMonitor second(place);
    CHECK(second.introduce(request_of(Origin::client, Tls::yes)).admission ==
          ipc::Admission::too_many);
    second.tell(ipc::LoginRequest());
    CHECK(second.await() == violated);
  }
  {
    RunningMonitor second(place);
    CHECK(second.introduce(request_of(Origin::client)).admission == ipc::Admission::too_many);
    second.report(ipc::Ending::refused);
    CHECK(second.end() == orderly);
  }
  CHECK(logged(place, "event=refused reason=max-connections-per-source session=5e55 "
                      "from=192.0.2.7"));
  CHECK_FALSE(logged(place, "event=disconnect"));
  CHECK(first.end() == orderly);
  RunningMonitor third(place);
  CHECK(third.introduce(request_of(Origin::client)).admission == ipc::Admission::granted);
  CHECK(third.end() == orderly);
}
