// SPDX-License-Identifier: ISC
#include "sandbox/identity_filter.hpp"

#include "configuration_paths.hpp"
#include "sandbox/identity.hpp"
#include "sandbox/sandbox.hpp"
#include "support/child.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <stdexcept>
#include <sys/fsuid.h>
#include <unistd.h>

using sandbox::PermittedIdentities;

namespace {

constexpr PermittedIdentities permitted{500, 300, {101, 102}};

bool can_be_tried() {
  if (geteuid() != 0 || SODAPOP_SANITIZED)
    support::skipped("needs root, and a filter of system calls");
  return geteuid() == 0 && !SODAPOP_SANITIZED;
}

/// The exit status of `act` in a monitor of a super-server; -1 when the filter kills it.
template <class Act> int in_monitor(const Act& act) {
  return support::Child([&] {
           sandbox::harden_monitor(permitted);
           return act() ? 0 : 1;
         })
      .exit_status();
}

} // namespace

TEST_CASE("root can become a user from the minimum on, or the front's account") {
  if (!can_be_tried())
    return;
  for (const base::Identity who : {base::Identity{500, 300}, {501, 65534}, {101, 102}, {500, 102}})
    CHECK(in_monitor([&] {
            sandbox::become(who);
            return geteuid() == who.uid && getegid() == who.gid;
          }) == 0);
}

TEST_CASE("root can become no other user, whichever of the three ids it names") {
  if (!can_be_tried())
    return;
  for (const uid_t uid : {0u, 100u, 102u, 499u}) {
    CHECK(in_monitor([&] { return setresuid(uid, 500, 500) == 0; }) == -1);
    CHECK(in_monitor([&] { return setresuid(500, uid, 500) == 0; }) == -1);
    CHECK(in_monitor([&] { return setresuid(500, 500, uid) == 0; }) == -1);
  }
  for (const gid_t gid : {0u, 42u, 101u, 299u}) {
    CHECK(in_monitor([&] { return setresgid(gid, 300, 300) == 0; }) == -1);
    CHECK(in_monitor([&] { return setresgid(300, gid, 300) == 0; }) == -1);
    CHECK(in_monitor([&] { return setresgid(300, 300, gid) == 0; }) == -1);
  }
  CHECK(in_monitor([] { return setfsuid(499) >= 0; }) == -1);
  CHECK(in_monitor([] { return setfsgid(299) >= 0; }) == -1);
  CHECK(in_monitor([] { return setfsuid(500) == 0 && setfsgid(300) == 0; }) == 0);
  CHECK(in_monitor([] { return setuid(500) == 0; }) == -1);
  CHECK(in_monitor([] { return setgid(500) == 0; }) == -1);
}

TEST_CASE("a reload may permit fewer identities, and no other") {
  CHECK(permitted.include(permitted));
  CHECK(permitted.include({501, 301, {101, 102}}));
  CHECK(permitted.include({500, 300, {700, 700}}));
  CHECK_FALSE(permitted.include({499, 300, {101, 102}}));
  CHECK_FALSE(permitted.include({500, 299, {101, 102}}));
  CHECK_FALSE(permitted.include({500, 300, {100, 102}}));
  CHECK_FALSE(permitted.include({500, 300, {101, 103}}));
}
