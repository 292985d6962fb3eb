// SPDX-License-Identifier: ISC
#include "base/crash.hpp"

#include "support/child.hpp"

#include <csignal>
#include <doctest/doctest.h>

namespace {

bool is_crash_by(int number) {
  support::Child child([number] {
    signal(number, SIG_DFL); // doctest has a handler for some
    return kill(getpid(), number);
  });
  return base::is_crash(child.wait());
}

bool is_crash_with(int exit_status) {
  return base::is_crash(support::Child([=] { return exit_status; }).wait());
}

} // namespace

TEST_CASE("signals of a fault are crashes, signals that end a process are not") {
  for (const int number : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP})
    CHECK(is_crash_by(number));
  for (const int number : {SIGTERM, SIGKILL, SIGINT, SIGHUP})
    CHECK_FALSE(is_crash_by(number));
}

TEST_CASE("of exit statuses only the one for a child's crash is one") {
  CHECK(is_crash_with(base::child_crashed));
  for (const int status : {0, 1, EX_OSERR, EX_CONFIG, SIGSEGV, 128 + SIGSEGV})
    CHECK_FALSE(is_crash_with(status));
}
