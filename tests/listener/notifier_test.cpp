// SPDX-License-Identifier: ISC
#include "listener/notifier.hpp"

#include "support/scratch_dir.hpp"

#include <cstddef>
#include <cstring>
#include <doctest/doctest.h>
#include <ostream>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using listener::Notifier;
using namespace std::chrono_literals;

namespace {

/// The service manager's end of the socket. `name` has the form of NOTIFY_SOCKET.
class Manager {
 public:
  explicit Manager(const std::string& name) : fd_(socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name.front() == '@')
      address.sun_path[0] = '\0';
    const auto size = offsetof(sockaddr_un, sun_path) + name.size();
    REQUIRE(bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), static_cast<socklen_t>(size)) ==
            0);
  }
  /// The next datagram; empty when there is none.
  std::string datagram() {
    char text[512];
    const auto size = recv(fd_.get(), text, sizeof text, MSG_DONTWAIT);
    return size < 0 ? "" : std::string(text, static_cast<std::size_t>(size));
  }

 private:
  base::UniqueFd fd_;
};

const auto start = Notifier::Clock::now();

} // namespace

TEST_CASE("readiness and stop are datagrams to the named socket") {
  const support::ScratchDir directory;
  const auto path = directory.path("notify");
  const auto abstract = "@sodapop-test-" + std::to_string(getpid());
  for (const auto& name : {path, abstract}) {
    Manager manager(name);
    const Notifier notifier(name);
    notifier.ready();
    CHECK(manager.datagram() == "READY=1");
    notifier.stopping();
    CHECK(manager.datagram() == "STOPPING=1");
    CHECK(manager.datagram() == "");
  }
}

TEST_CASE("a reload is told with the monotonic time in microseconds") {
  const auto name = "@sodapop-test-" + std::to_string(getpid());
  Manager manager(name);
  const auto microseconds = [](Notifier::Clock::time_point time) {
    return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
  };
  const auto before = microseconds(Notifier::Clock::now());
  Notifier(name).reloading();
  const auto after = microseconds(Notifier::Clock::now());
  const auto text = manager.datagram();
  const std::string head = "RELOADING=1\nMONOTONIC_USEC=";
  REQUIRE(text.starts_with(head));
  const auto told = std::stoll(text.substr(head.size()));
  CHECK(told >= before);
  CHECK(told <= after);
}

TEST_CASE("the number of sessions is told when it changes, once in a while") {
  const auto name = "@sodapop-test-" + std::to_string(getpid());
  Manager manager(name);
  Notifier notifier(name);
  notifier.count(0, start);
  CHECK(manager.datagram() == "");
  CHECK(notifier.status_due() == Notifier::Clock::time_point::max());
  notifier.count(1, start);
  CHECK(manager.datagram() == "STATUS=1 session");
  notifier.count(7, start + Notifier::status_pause - 1ns);
  CHECK(manager.datagram() == "");
  CHECK(notifier.status_due() == start + Notifier::status_pause);
  notifier.count(7, start + Notifier::status_pause);
  CHECK(manager.datagram() == "STATUS=7 sessions");
  CHECK(notifier.status_due() == Notifier::Clock::time_point::max());
}

TEST_CASE("a problem stands in front of the number of sessions until there is none") {
  const auto name = "@sodapop-test-" + std::to_string(getpid());
  Manager manager(name);
  Notifier notifier(name);
  notifier.set_problem("");
  CHECK(manager.datagram() == "");
  notifier.set_problem("not reloaded: no key 'x'\n");
  CHECK(manager.datagram() == "STATUS=not reloaded: no key 'x'\\x0a; 0 sessions");
  notifier.set_problem("not reloaded: no key 'x'\n");
  CHECK(manager.datagram() == "");
  notifier.count(1, start);
  CHECK(manager.datagram() == "STATUS=not reloaded: no key 'x'\\x0a; 1 session");
  notifier.set_problem("");
  CHECK(manager.datagram() == "STATUS=1 session");
}

TEST_CASE("without a listening manager nothing happens") {
  const auto too_long = "/" + std::string(sizeof(sockaddr_un::sun_path), 'x');
  for (const std::string& name : {std::string(), std::string("@"), std::string("relative"),
                                  std::string("/nowhere/at/all"), too_long}) {
    Notifier notifier(name);
    notifier.ready();
    notifier.reloading();
    notifier.count(3, start);
    CHECK(notifier.status_due() == Notifier::Clock::time_point::max());
  }
}

TEST_CASE("a name as long as the system accepts is used, a longer one is ignored") {
  const auto longest = "@" + std::string(sizeof(sockaddr_un::sun_path) - 2, 'x');
  Manager manager(longest);
  Notifier(longest).ready();
  CHECK(manager.datagram() == "READY=1");
  Notifier(longest + "x").ready();
  CHECK(manager.datagram() == "");
}

TEST_CASE("a manager that does not read does not stop us") {
  const auto name = "@sodapop-test-" + std::to_string(getpid());
  Manager manager(name);
  const Notifier notifier(name);
  for (int i = 0; i < 10'000; ++i)
    notifier.ready(); // more than its queue takes
  CHECK(manager.datagram() == "READY=1");
}
