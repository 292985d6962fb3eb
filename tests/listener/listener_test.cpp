// SPDX-License-Identifier: ISC
// The accept loop in a process of its own, in which memory allocations fail when a test says so.
#include "listener/listener.hpp"

#include "configuration_paths.hpp"
#include "support/child.hpp"
#include "support/scratch.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <doctest/doctest.h>
#include <new>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace {

/// So many allocations to come fail.
volatile std::sig_atomic_t failures = 0;

constexpr int all_to_come = 1'000'000;

void fail_the_next(int) {
  failures = 1;
}

void fail_all(int) {
  failures = all_to_come;
}

} // namespace

// A sanitizer has its own, and the tests below are left out there.
#if !SODAPOP_SANITIZED
void* operator new(std::size_t octets) {
  if (failures > 0) {
    failures = failures - 1;
    throw std::bad_alloc();
  }
  if (void* const block = std::malloc(octets > 0 ? octets : 1))
    return block;
  throw std::bad_alloc();
}

void operator delete(void* block) noexcept {
  std::free(block);
}

void operator delete(void* block, std::size_t) noexcept {
  std::free(block);
}
#endif

namespace {

using std::chrono::milliseconds;

/// A listener whose sessions send `served` and end. SIGUSR1 has its next allocation fail, SIGUSR2
/// all of them.
class RunningListener {
 public:
  static constexpr std::string_view served = "served";

  RunningListener()
      : socket_(listener::listen_at(*listener::parse_listen_address(path_), {})),
        child_([this] { return listen(); }) {
    socket_.fd = base::UniqueFd();
    REQUIRE(wait_until([this] { return has_logged("listening"); }));
  }

  /// What a client receives up to the end of its connection.
  std::string talk() const {
    const auto connection = connected();
    char received[100];
    const auto size = recv(connection.get(), received, sizeof received, MSG_WAITALL);
    return {received, static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
  }
  /// A client that connects and hangs up, of which the listener writes a line.
  void hang_up(int signal) {
    kill(child_.pid(), SIGSTOP);
    connected();
    kill(child_.pid(), signal);
    kill(child_.pid(), SIGCONT);
  }
  bool has_logged(std::string_view text) const {
    return directory_.read("log").find(text) != std::string::npos;
  }
  template <class Condition> static bool wait_until(const Condition& is_so) {
    for (int i = 0; i < 500; ++i) {
      if (is_so())
        return true;
      std::this_thread::sleep_for(milliseconds(20));
    }
    return false;
  }
  int end() {
    kill(child_.pid(), SIGTERM);
    return child_.exit_status();
  }
  bool is_running() const {
    siginfo_t ended{};
    return waitid(P_PID, static_cast<id_t>(child_.pid()), &ended, WEXITED | WNOHANG | WNOWAIT) ==
               0 &&
           ended.si_pid == 0;
  }

 private:
  int listen() {
    signal(SIGUSR1, fail_the_next);
    signal(SIGUSR2, fail_all);
    signal(SIGTERM, SIG_DFL); // doctest has a handler
    listener::ListenerPlan plan;
    plan.sockets.push_back(std::move(socket_));
    plan.harden = [] {};
    plan.service.settings.log = directory_.path("log");
    plan.service.settings.runtime_directory = directory_.path();
    plan.service.serve = [](int connection, const base::Client&, base::Log, state::ProgressMark) {
      [[maybe_unused]] const auto sent =
          send(connection, served.data(), served.size(), MSG_NOSIGNAL);
      _exit(0);
    };
    listener::Listener(std::move(plan)).run();
    return 0;
  }
  base::UniqueFd connected() const {
    base::UniqueFd connection(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(connect(connection.get(), reinterpret_cast<const sockaddr*>(&address),
                    sizeof address) == 0);
    return connection;
  }

  Scratch directory_;
  std::string path_ = directory_.path("socket");
  listener::ListeningSocket socket_;
  support::Child child_;
};

} // namespace

TEST_CASE("a turn that fails for want of memory is told, and the next client is served" *
          doctest::skip(SODAPOP_SANITIZED != 0)) {
  RunningListener listener;
  CHECK(listener.talk() == RunningListener::served);
  listener.hang_up(SIGUSR1);
  CHECK(RunningListener::wait_until(
      [&] { return listener.has_logged("event=loop-failed problem=\"std::bad_alloc\""); }));
  CHECK(listener.talk() == RunningListener::served);
  CHECK(listener.end() == 0);
}

TEST_CASE("where there is no memory to tell it, the listener goes on all the same" *
          doctest::skip(SODAPOP_SANITIZED != 0)) {
  RunningListener listener;
  listener.hang_up(SIGUSR2);
  for (int i = 0; i < 3; ++i)
    listener.hang_up(SIGUSR2);
  std::this_thread::sleep_for(milliseconds(300));
  CHECK(listener.is_running());
  listener.hang_up(SIGUSR1);
  CHECK(RunningListener::wait_until([&] { return listener.has_logged("event=loop-failed"); }));
  CHECK(listener.talk() == RunningListener::served);
  CHECK(listener.end() == 0);
}
