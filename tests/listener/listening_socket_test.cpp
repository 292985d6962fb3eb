// SPDX-License-Identifier: ISC
#include "listener/listening_socket.hpp"

#include "support/child.hpp"
#include "support/scratch.hpp"

#include <arpa/inet.h>
#include <cstddef>
#include <cstring>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <optional>
#include <ostream>
#include <set>
#include <stdexcept>
#include <sys/stat.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

using namespace listener;

namespace {

/// The problem of `text`; nothing when it is accepted.
std::optional<std::string_view> problem_of(std::string_view text) {
  const auto parsed = parse_listen_address(text);
  return parsed ? std::optional<std::string_view>() : parsed.error();
}

/// The address as getsockname(2) would give it.
std::string told_by_socket(std::string_view text) {
  const auto parsed = parse_listen_address(text);
  return parsed ? text_of(socket_address(*parsed), sizeof(sockaddr_storage)) : "refused";
}

/// The loopback address with a port that the system chooses.
ListenAddress any_port() {
  return {base::Address::parse("127.0.0.1").value(), 0, "loopback"};
}

ListenAddress address_of(int fd) {
  sockaddr_in bound{};
  socklen_t size = sizeof bound;
  REQUIRE(getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) == 0);
  return {base::Address::parse("127.0.0.1").value(), ntohs(bound.sin_port), "the same"};
}

int option(int fd, int level, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  REQUIRE(getsockopt(fd, level, name, &value, &size) == 0);
  return value;
}

bool is_refused(int fd) {
  try {
    adopt(fd);
  } catch (const std::runtime_error& error) {
    return std::string_view(error.what()).starts_with("descriptor ");
  }
  return false;
}

} // namespace

TEST_CASE("an IPv4 address and a port make a socket address") {
  const auto parsed = parse_listen_address("192.0.2.7:110");
  REQUIRE(parsed);
  const auto address = socket_address(*parsed);
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
  CHECK(v4.sin_family == AF_INET);
  CHECK(v4.sin_addr.s_addr == inet_addr("192.0.2.7"));
  CHECK(ntohs(v4.sin_port) == 110);
  CHECK(parsed->text == "192.0.2.7:110");
}

TEST_CASE("an IPv6 address stands in brackets") {
  const auto parsed = parse_listen_address("[2001:db8::7]:1110");
  REQUIRE(parsed);
  const auto address = socket_address(*parsed);
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  CHECK(v6.sin6_family == AF_INET6);
  CHECK(ntohs(v6.sin6_port) == 1110);
  CHECK(base::Address::of(address)->text() == "2001:db8::7");
  CHECK(told_by_socket("[2001:DB8:0::7]:1110") == "[2001:db8::7]:1110");
  CHECK(problem_of("::1:110") == no_brackets);
  CHECK(problem_of("2001:db8::7:110") == no_brackets);
}

TEST_CASE("a port is a decimal number from 1 to 65535") {
  CHECK(told_by_socket("127.0.0.1:1") == "127.0.0.1:1");
  CHECK(told_by_socket("127.0.0.1:65535") == "127.0.0.1:65535");
  for (const char* text : {"127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:0110", "127.0.0.1:+1",
                           "127.0.0.1:-1", "127.0.0.1: 1", "127.0.0.1:1 ", "127.0.0.1:pop3"})
    CHECK_MESSAGE(problem_of(text) == bad_port, text);
  for (const char* text : {"", ":", "127.0.0.1", "127.0.0.1:", ":110", "[::1]", "110"})
    CHECK_MESSAGE(problem_of(text) == no_port, text);
}

TEST_CASE("an address is a number, not a name") {
  using namespace std::string_view_literals;
  for (const auto text : {"localhost:110"sv, "127.1:110"sv, "*:110"sv, "256.0.0.1:110"sv,
                          "[localhost]:110"sv, "[127.0.0.1]:110"sv, "[::ffff:127.0.0.1]:110"sv,
                          "[::1%lo]:110"sv, "[]:110"sv, "[::1:110"sv, "127.0.0.1\0x:110"sv})
    CHECK_MESSAGE(problem_of(text).has_value(), std::string(text));
  CHECK(problem_of("localhost:110") == no_such_address);
}

TEST_CASE("each problem has a sentence of its own") {
  const std::set<std::string_view> all{no_port, long_path, bad_port, no_brackets, no_such_address};
  CHECK(all.size() == 5);
  CHECK(all.count("") == 0);
}

TEST_CASE("a local socket is told by its path") {
  sockaddr_storage storage{};
  auto& local = reinterpret_cast<sockaddr_un&>(storage);
  local.sun_family = AF_UNIX;
  CHECK(text_of(storage, sizeof(sa_family_t)) == "local");
  std::strcpy(local.sun_path, "/run/pop3");
  CHECK(text_of(storage, offsetof(sockaddr_un, sun_path) + 10) == "/run/pop3");
}

TEST_CASE("an absolute path is a local socket, and has 107 octets at most") {
  const std::string longest = "/" + std::string(106, 'x');
  CHECK(parse_listen_address("/run/pop3:110")->is_local());
  CHECK(parse_listen_address(longest)->text == longest);
  CHECK(problem_of(longest + "x") == long_path);
  CHECK_FALSE(parse_listen_address("127.0.0.1:110")->is_local());
  CHECK(problem_of("run/pop3") == no_port);
}

TEST_CASE("only the owner may connect to a local socket") {
  const Scratch scratch;
  const mode_t usual = umask(022);
  const auto made = listen_at(*parse_listen_address(scratch.path("pop3")), geteuid());
  CHECK(umask(usual) == 022);
  struct stat facts;
  REQUIRE(lstat(scratch.path("pop3").c_str(), &facts) == 0);
  CHECK(S_ISSOCK(facts.st_mode));
  CHECK((facts.st_mode & 07777) == 0600);
  CHECK(facts.st_uid == geteuid());
  CHECK(made.address == scratch.path("pop3"));
  CHECK((fcntl(made.fd.get(), F_GETFL) & O_NONBLOCK) != 0);
}

TEST_CASE("a local socket replaces one to which nobody listens, and no other file") {
  const Scratch scratch;
  const auto address = *parse_listen_address(scratch.path("pop3"));
  {
    const auto first = listen_at(address);
    CHECK_THROWS_AS(listen_at(address), std::system_error);
  }
  CHECK(listen_at(address).fd);
  scratch.write("file", "kept");
  CHECK_THROWS_AS(listen_at(*parse_listen_address(scratch.path("file"))), std::system_error);
  CHECK(access(scratch.path("file").c_str(), F_OK) == 0);
  REQUIRE(symlink("nowhere", scratch.path("link").c_str()) == 0);
  CHECK_THROWS_AS(listen_at(*parse_listen_address(scratch.path("link"))), std::system_error);
  CHECK(access(scratch.path("nowhere").c_str(), F_OK) != 0);
}

TEST_CASE("a connection from a listening socket sends without delay and blocks") {
  const auto socket_made = listen_at(any_port());
  const auto bound = socket_address(address_of(socket_made.fd.get()));
  const base::UniqueFd client(socket(AF_INET, SOCK_STREAM, 0));
  REQUIRE(connect(client.get(), reinterpret_cast<const sockaddr*>(&bound), sizeof bound) == 0);
  const base::UniqueFd server(accept4(socket_made.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
  REQUIRE(server);
  CHECK(option(server.get(), IPPROTO_TCP, TCP_NODELAY) != 0);
  CHECK(option(server.get(), SOL_SOCKET, SO_KEEPALIVE) != 0);
  CHECK((fcntl(server.get(), F_GETFL) & O_NONBLOCK) == 0);
}

TEST_CASE("listening sockets neither block nor outlive an exec") {
  auto made = listen_at(any_port());
  fcntl(made.fd.get(), F_SETFD, 0);
  fcntl(made.fd.get(), F_SETFL, 0);
  const auto passed = adopt(made.fd.release());
  CHECK((fcntl(passed.fd.get(), F_GETFL) & O_NONBLOCK) != 0);
  CHECK(fcntl(passed.fd.get(), F_GETFD) == FD_CLOEXEC);
  CHECK(passed.address.starts_with("127.0.0.1:"));
}

TEST_CASE("a socket that is a standard descriptor is moved away from there") {
  CHECK(support::Child([] {
          const auto made = listen_at(any_port());
          dup2(made.fd.get(), 0);
          return adopt(0).fd.get() > 2 ? 0 : 1;
        }).exit_status() == 0);
}

TEST_CASE("an address in use is refused with its name") {
  const auto first = listen_at(any_port());
  CHECK_THROWS_WITH_AS(listen_at(address_of(first.fd.get())),
                       "cannot listen at the same: Address already in use", std::system_error);
}

TEST_CASE("an IPv6 socket leaves IPv4 alone") {
  try {
    const auto made = listen_at({{}, 0, "[::]"});
    CHECK(option(made.fd.get(), IPPROTO_IPV6, IPV6_V6ONLY) == 1);
  } catch (const std::system_error&) {
    support::skipped("needs IPv6");
  }
}

TEST_CASE("a descriptor that is no listening stream socket is neither adopted nor closed") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const base::UniqueFd pipe_end(ends[0]), other_end(ends[1]);
  const base::UniqueFd datagrams(socket(AF_INET, SOCK_DGRAM, 0));
  const base::UniqueFd unconnected(socket(AF_INET, SOCK_STREAM, 0));
  for (const int fd : {pipe_end.get(), datagrams.get(), unconnected.get()}) {
    CHECK(is_refused(fd));
    CHECK(fcntl(fd, F_GETFD) >= 0);
  }
  CHECK(is_refused(1000));
}
