// SPDX-License-Identifier: ISC
// The first acts of the program, each in a process that was left in disorder on purpose.
#include "privsep/startup.hpp"

#include "base/unique_fd.hpp"
#include "support/child.hpp"

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

using privsep::Connection;
using privsep::take_over_process;

namespace {

/// Exit status 0 when `check` holds after the first acts; `disorder` comes before them.
template <class Disorder, class Check> int after_disorder(const Disorder& disorder, Check check) {
  return support::Child([&] {
           disorder();
           const auto launch = take_over_process();
           return launch.sockets.empty() && check(launch.connection) ? 0 : 1;
         })
      .exit_status();
}

void put_pipe_on_standard_input() {
  int ends[2];
  if (pipe(ends) != 0 || dup2(ends[0], 0) != 0)
    throw 1;
}

/// This machine is at both ends of descriptors 0 and 1.
void put_loopback_connection() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, generic, size) != 0 || listen(listener, 1) != 0 ||
      getsockname(listener, generic, &size) != 0 || connect(client, generic, size) != 0)
    throw 1;
  const int server = accept(listener, nullptr, nullptr);
  dup2(server, 0);
  dup2(server, 1);
}

using Variables = std::vector<std::pair<const char*, const char*>>;

/// What is logged as the client's address, on a pipe.
bool tells(const Variables& variables, const std::string& wanted) {
  return after_disorder(
             [&] {
               clearenv();
               put_pipe_on_standard_input();
               for (const auto& [name, value] : variables)
                 setenv(name, value, 1);
             },
             [&](const Connection& connection) {
               return connection.from == wanted && !connection.peer && connection.is_local();
             }) == 0;
}

} // namespace

TEST_CASE("without a socket the launcher tells the address, if it is one") {
  CHECK(tells({}, "local"));
  CHECK(tells({{"TCPREMOTEIP", "192.0.2.7"}}, "192.0.2.7"));
  CHECK(tells({{"REMOTE_ADDR", "2001:DB8::7"}}, "2001:db8::7"));
  CHECK(tells({{"REMOTE_HOST", "::ffff:192.0.2.7"}}, "192.0.2.7"));
  CHECK(tells({{"REMOTE_HOST", "client.example.org"}}, "local"));
  CHECK(tells({{"TCPREMOTEIP", ""}}, "local"));
  CHECK(tells({{"TCPREMOTEIP", "192.0.2.7\nevent=login"}}, "local"));
}

TEST_CASE("of several variables the first that holds an address counts") {
  CHECK(tells(
      {{"REMOTE_HOST", "192.0.2.3"}, {"REMOTE_ADDR", "192.0.2.2"}, {"TCPREMOTEIP", "192.0.2.1"}},
      "192.0.2.1"));
  CHECK(tells({{"TCPREMOTEIP", "x"}, {"REMOTE_HOST", "192.0.2.3"}, {"REMOTE_ADDR", "192.0.2.2"}},
              "192.0.2.2"));
}

TEST_CASE("a connection from this machine has its own address, or the one that a proxy tells") {
  CHECK(after_disorder(
            [] {
              clearenv();
              put_loopback_connection();
            },
            [](const Connection& connection) {
              return connection.from == "127.0.0.1" && connection.peer && connection.is_local();
            }) == 0);
  CHECK(after_disorder(
            [] {
              setenv("REMOTE_HOST", "192.0.2.7", 1);
              put_loopback_connection();
            },
            [](const Connection& connection) {
              return connection.from == "192.0.2.7" && connection.is_local();
            }) == 0);
}

TEST_CASE("a peer elsewhere is not local, whatever the variables say") {
  Connection connection;
  connection.peer = base::Address::parse("192.0.2.7");
  CHECK_FALSE(connection.is_local());
  connection.peer = base::Address::parse("::1");
  CHECK(connection.is_local());
}

TEST_CASE("a reply does not wait for the acknowledgement of the one before") {
  CHECK(after_disorder(put_loopback_connection, [](const Connection&) {
          int on = 0;
          socklen_t size = sizeof on;
          return getsockopt(1, IPPROTO_TCP, TCP_NODELAY, &on, &size) == 0 && on != 0;
        }) == 0);
}

TEST_CASE("closed standard descriptors are filled, in every combination") {
  for (unsigned closed = 0; closed < 8; ++closed) {
    CAPTURE(closed);
    CHECK(after_disorder(
              [&] {
                for (int fd = 0; fd <= 2; ++fd)
                  if ((closed >> fd & 1) != 0)
                    close(fd);
              },
              [](const Connection&) {
                return fcntl(0, F_GETFD) >= 0 && fcntl(1, F_GETFD) >= 0 && fcntl(2, F_GETFD) >= 0;
              }) == 0);
  }
}

TEST_CASE("all other descriptors are closed") {
  CHECK(after_disorder(
            [] {
              for (const int fd : {3, 4, 17, 200})
                dup2(0, fd);
            },
            [](const Connection&) {
              for (int fd = 3; fd < 1024; ++fd)
                if (fcntl(fd, F_GETFD) >= 0)
                  return false;
              return true;
            }) == 0);
}

TEST_CASE("standard error is never the client's connection") {
  CHECK(after_disorder(
            [] {
              put_loopback_connection();
              dup2(0, 2); // as inetd does
            },
            [](const Connection&) {
              struct stat facts {};
              return fstat(2, &facts) == 0 && S_ISCHR(facts.st_mode);
            }) == 0);
}

TEST_CASE("standard error that is something else stays") {
  CHECK(after_disorder(
            [] {
              put_loopback_connection();
              int ends[2];
              if (pipe(ends) != 0)
                throw 1;
              dup2(ends[1], 2);
            },
            [](const Connection&) {
              struct stat facts {};
              return fstat(2, &facts) == 0 && S_ISFIFO(facts.st_mode);
            }) == 0);
}

TEST_CASE("environment, signals, umask and core dumps are put in order") {
  CHECK(after_disorder(
            [] {
              setenv("LD_PRELOAD", "x", 1);
              std::signal(SIGCHLD, SIG_IGN);
              std::signal(SIGTERM, SIG_IGN);
              sigset_t all;
              sigfillset(&all);
              sigprocmask(SIG_SETMASK, &all, nullptr);
              umask(0);
            },
            [](const Connection&) {
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

/// Exit status 0 when the sockets that were found are these.
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

TEST_CASE("sockets that were passed to somebody else are none of ours") {
  CHECK(sockets_found({}, [] { pass(1, "1", getppid()); }) == 0);
  CHECK(sockets_found({}, [] { setenv("LISTEN_FDS", "1", 1); }) == 0);
  CHECK(sockets_found({}, [] { setenv("LISTEN_PID", "x", 1); }) == 0);
}

TEST_CASE("as many sockets are taken as max_passed_sockets allows") {
  const int most = privsep::max_passed_sockets;
  for (const int count : {most - 1, most}) {
    std::vector<int> all;
    for (int i = 0; i < count; ++i)
      all.push_back(3 + i);
    CHECK(sockets_found(all, [&] { pass(count, std::to_string(count)); }) == 0);
  }
  CHECK(sockets_found({}, [&] { pass(most + 1, std::to_string(most + 1)); }) ==
        support::not_prepared);
}

TEST_CASE("a number of sockets that is none is an error") {
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
  CHECK(after_disorder(
            [] {
              put_loopback_connection();
              put_listening_socket(5); // of a launcher that leaks
            },
            [](const Connection& connection) { return connection.peer.has_value(); }) == 0);
}

TEST_CASE("the service manager's socket is remembered, the environment is not") {
  CHECK(support::Child([] {
          clearenv();
          setenv("NOTIFY_SOCKET", "/run/systemd/notify", 1);
          const auto launch = take_over_process();
          return launch.notify_socket == "/run/systemd/notify" && environ == nullptr ? 0 : 1;
        }).exit_status() == 0);
}
