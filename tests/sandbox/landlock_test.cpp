// SPDX-License-Identifier: ISC
// Without a filter of system calls, which would kill the process before Landlock is asked.
#include "sandbox/landlock.hpp"

#include "base/system_error.hpp"
#include "base/unique_fd.hpp"
#include "support/child.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <doctest/doctest.h>
#include <linux/landlock.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

long version() {
  return syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

/// The error number of `call` in a child that Landlock restricts; 0 when it succeeds.
template <class Call> int restricted(const Call& call) {
  return support::Child([&] {
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
           sandbox::restrict_by_landlock(-1);
           return call() == 0 ? 0 : errno;
         })
      .exit_status();
}

bool has(long needed) {
  if (version() < needed)
    support::skipped("this kernel's Landlock is too old");
  return version() >= needed;
}

} // namespace

TEST_CASE("no TCP socket is bound or connected") {
  if (!has(4))
    return;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* to = reinterpret_cast<const sockaddr*>(&address);
  const base::UniqueFd listener(socket(AF_INET, SOCK_STREAM, 0));
  REQUIRE(bind(listener.get(), to, sizeof address) == 0);
  REQUIRE(listen(listener.get(), 1) == 0);
  CHECK(restricted([&] { return bind(socket(AF_INET, SOCK_STREAM, 0), to, sizeof address); }) ==
        EACCES);
  socklen_t size = sizeof address;
  REQUIRE(getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
  CHECK(restricted([&] { return connect(socket(AF_INET, SOCK_STREAM, 0), to, sizeof address); }) ==
        EACCES);
}

TEST_CASE("no process outside is signalled, and no abstract socket of one reached") {
  if (!has(6))
    return;
  CHECK(restricted([] { return kill(getppid(), 0); }) == EPERM);
  sockaddr_un address{AF_UNIX, {}};
  constexpr char name[] = "sodapop-test-landlock"; // behind a NUL: an abstract name
  std::memcpy(address.sun_path + 1, name, sizeof name);
  const auto* to = reinterpret_cast<const sockaddr*>(&address);
  const base::UniqueFd receiver(socket(AF_UNIX, SOCK_DGRAM, 0));
  REQUIRE(bind(receiver.get(), to, sizeof address) == 0);
  CHECK(restricted([&] { return connect(socket(AF_UNIX, SOCK_DGRAM, 0), to, sizeof address); }) ==
        EPERM);
}
