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
           const Connection connection = take_over_process();
           return check(connection) ? 0 : 1;
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
  const Connection connection{base::Address::parse("192.0.2.7"), "192.0.2.7"};
  CHECK_FALSE(connection.is_local());
  CHECK(Connection{base::Address::parse("::1"), "::1"}.is_local());
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
