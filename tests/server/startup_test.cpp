// SPDX-License-Identifier: ISC
// The first acts of the program, each in a process that begins in disorder on purpose.
#include "server/startup.hpp"

#include "base/unique_fd.hpp"
#include "support/child.hpp"
#include "support/startup_in_child.hpp"

#include <arpa/inet.h>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <functional>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <ostream>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <vector>

using base::Client;
using server::take_over_process;
using support::put_loopback_connection;
using support::put_pipe_on_standard_input;
using support::startup_in_child;

TEST_CASE("a reply does not wait for the acknowledgement of the one before; dead lines are found") {
  CHECK(startup_in_child(put_loopback_connection, [](const Client&) {
          const auto is_on = [](int level, int option) {
            int on = 0;
            socklen_t size = sizeof on;
            return getsockopt(1, level, option, &on, &size) == 0 && on != 0;
          };
          return is_on(IPPROTO_TCP, TCP_NODELAY) && is_on(SOL_SOCKET, SO_KEEPALIVE);
        }) == 0);
}

TEST_CASE("closed standard descriptors are filled, in every combination") {
  for (unsigned closed = 0; closed < 8; ++closed) {
    CAPTURE(closed);
    CHECK(startup_in_child(
              [&] {
                for (int fd = 0; fd <= 2; ++fd)
                  if ((closed >> fd & 1) != 0)
                    close(fd);
              },
              [](const Client&) {
                return fcntl(0, F_GETFD) >= 0 && fcntl(1, F_GETFD) >= 0 && fcntl(2, F_GETFD) >= 0;
              }) == 0);
  }
}

TEST_CASE("all other descriptors are closed") {
  CHECK(startup_in_child(
            [] {
              for (const int fd : {3, 4, 17, 200})
                dup2(0, fd);
            },
            [](const Client&) {
              for (int fd = 3; fd < 1024; ++fd)
                if (fcntl(fd, F_GETFD) >= 0)
                  return false;
              return true;
            }) == 0);
}

TEST_CASE("standard error is never the client's connection") {
  CHECK(startup_in_child(
            [] {
              put_loopback_connection();
              dup2(0, 2); // as inetd does
            },
            [](const Client&) {
              struct stat facts {};
              return fstat(2, &facts) == 0 && S_ISCHR(facts.st_mode);
            }) == 0);
}

TEST_CASE("standard error that is something else stays") {
  CHECK(startup_in_child(
            [] {
              put_loopback_connection();
              int ends[2];
              if (pipe(ends) != 0)
                throw 1;
              dup2(ends[1], 2);
            },
            [](const Client&) {
              struct stat facts {};
              return fstat(2, &facts) == 0 && S_ISFIFO(facts.st_mode);
            }) == 0);
}

TEST_CASE("environment, signals, umask and core dumps are put in order") {
  CHECK(startup_in_child(
            [] {
              setenv("LD_PRELOAD", "x", 1);
              std::signal(SIGCHLD, SIG_IGN);
              std::signal(SIGTERM, SIG_IGN);
              sigset_t all;
              sigfillset(&all);
              sigprocmask(SIG_SETMASK, &all, nullptr);
              umask(0);
            },
            [](const Client&) {
              struct sigaction pipe_action {
              }, child_action{}, term_action{};
              sigaction(SIGPIPE, nullptr, &pipe_action);
              sigaction(SIGCHLD, nullptr, &child_action);
              sigaction(SIGTERM, nullptr, &term_action);
              sigset_t blocked;
              sigprocmask(SIG_SETMASK, nullptr, &blocked);
              rlimit core{};
              getrlimit(RLIMIT_CORE, &core);
              return std::getenv("LD_PRELOAD") == nullptr && pipe_action.sa_handler == SIG_IGN &&
                     child_action.sa_handler == SIG_DFL && term_action.sa_handler == SIG_DFL &&
                     sigismember(&blocked, SIGTERM) == 0 && umask(0) == 077 && core.rlim_max == 0 &&
                     prctl(PR_GET_DUMPABLE) == 0;
            }) == 0);
}

namespace {

/// Gives 0 when the passed sockets that are found are `wanted`.
int sockets_found(const std::vector<int>& wanted, const std::function<void()>& launch) {
  return support::Child([&] {
           clearenv();
           put_pipe_on_standard_input();
           launch();
           return take_over_process().sockets == wanted ? 0 : 1;
         })
      .exit_status();
}

void put_listening_socket(int fd) {
  const int made = socket(AF_INET, SOCK_STREAM, 0);
  if (listen(made, 1) != 0 || dup2(made, fd) != fd)
    throw 1;
}

void pass(int count, const std::string& told, pid_t to = getpid()) {
  for (int i = 0; i < count; ++i)
    put_listening_socket(3 + i);
  setenv("LISTEN_PID", std::to_string(to).c_str(), 1);
  setenv("LISTEN_FDS", told.c_str(), 1);
}

} // namespace

TEST_CASE("sockets that were passed to us are kept, and no other descriptor") {
  CHECK(support::Child([] {
          clearenv();
          for (int fd = 3; fd < 20; ++fd)
            dup2(0, fd);
          pass(2, "2");
          const auto launch = take_over_process();
          const bool kept = launch.sockets == std::vector<int>{3, 4} && fcntl(3, F_GETFD) >= 0 &&
                            fcntl(4, F_GETFD) >= 0;
          return kept && fcntl(5, F_GETFD) < 0 && fcntl(19, F_GETFD) < 0 ? 0 : 1;
        }).exit_status() == 0);
}

TEST_CASE("sockets that were passed to another process are not taken") {
  CHECK(sockets_found({}, [] { pass(1, "1", getppid()); }) == 0);
  CHECK(sockets_found({}, [] { setenv("LISTEN_FDS", "1", 1); }) == 0);
  CHECK(sockets_found({}, [] { setenv("LISTEN_PID", "x", 1); }) == 0);
}

TEST_CASE("as many sockets are taken as max_passed_sockets allows") {
  const int most = server::max_passed_sockets;
  for (const int count : {most - 1, most}) {
    std::vector<int> all;
    for (int i = 0; i < count; ++i)
      all.push_back(3 + i);
    CHECK(sockets_found(all, [&] { pass(count, std::to_string(count)); }) == 0);
  }
  CHECK(sockets_found({}, [&] { pass(most + 1, std::to_string(most + 1)); }) ==
        support::not_prepared);
}

TEST_CASE("an invalid number of sockets is an error") {
  for (const char* text : {"", "0", "-1", "1x", " 1", "99999999999999999999"})
    CHECK_MESSAGE(sockets_found({}, [&] { pass(1, text); }) == support::not_prepared, text);
}

TEST_CASE("a listening socket on standard input is found, unless others were passed") {
  CHECK(sockets_found({0}, [] { put_listening_socket(0); }) == 0);
  CHECK(sockets_found({}, [] { dup2(socket(AF_INET, SOCK_STREAM, 0), 0); }) == 0);
  CHECK(sockets_found({3}, [] {
          put_listening_socket(0);
          pass(1, "1");
        }) == 0);
  CHECK(startup_in_child(
            [] {
              put_loopback_connection();
              put_listening_socket(5); // left open by a launcher
            },
            [](const Client& client) { return client.peer.has_value(); }) == 0);
}

TEST_CASE("the service manager's socket is remembered, the environment is not") {
  CHECK(support::Child([] {
          clearenv();
          setenv("NOTIFY_SOCKET", "/run/systemd/notify", 1);
          const auto launch = take_over_process();
          return launch.notify_socket == "/run/systemd/notify" && environ == nullptr ? 0 : 1;
        }).exit_status() == 0);
}
