// SPDX-License-Identifier: ISC
#include "admin/sessions.hpp"

#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <string>
#include <sys/sysmacros.h>
#include <thread>
#include <unistd.h>

namespace {

admin::OpenSession our_session() {
  admin::OpenSession session{{}, makedev(0, 0x1a), 4321};
  session.record.pid = getpid();
  return session;
}

std::string lock_of(long pid, const std::string& kind = "FLOCK  ADVISORY  WRITE",
                    const std::string& file = "00:1a:4321") {
  return "7: " + kind + " " + std::to_string(pid) + " " + file + " 0 EOF\n";
}

} // namespace

TEST_CASE("the process of a session is the one that holds the lock of its file") {
  const Scratch scratch;
  const auto session = our_session();
  CHECK(admin::process_of(session, scratch.write("locks", lock_of(1) + lock_of(getpid()))));
  for (const auto& other :
       {lock_of(getpid() + 1), lock_of(getpid(), "FLOCK  ADVISORY  READ "),
        lock_of(getpid(), "POSIX  ADVISORY  WRITE"),
        lock_of(getpid(), "FLOCK  ADVISORY  WRITE", "00:1b:4321"),
        lock_of(getpid(), "FLOCK  ADVISORY  WRITE", "00:1a:432"), std::string()})
    CHECK_FALSE(admin::process_of(session, scratch.write("locks", other)));
}

TEST_CASE("a lock that the kernel's list lacks at first is looked for again") {
  const Scratch scratch;
  const auto list = scratch.write("locks", lock_of(1));
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    scratch.write("locks", lock_of(getpid()));
  });
  CHECK(admin::process_of(our_session(), list));
  later.join();
}
