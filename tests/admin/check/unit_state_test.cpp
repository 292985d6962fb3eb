// SPDX-License-Identifier: ISC
#include "admin/check/unit_state.hpp"

#include "check_fixture.hpp"

#include <doctest/doctest.h>

using support::CheckFixture;
using support::Found;

namespace {

Found found(const std::string& properties, bool has_socket = false) {
  return CheckFixture().found([&](auto& findings) {
    admin::check_unit_state("pop3.socket", properties, has_socket, {"/etc/x", findings});
  });
}

} // namespace

TEST_CASE("a unit that runs or waits is in order, and one that systemd does not know") {
  CHECK(found("NeedDaemonReload=no\nActiveState=active\n").empty());
  CHECK(found("ActiveState=inactive\nNeedDaemonReload=no\n").empty());
  CHECK(found("").empty());
}

TEST_CASE("a unit that has failed or was changed is found") {
  CHECK(found("NeedDaemonReload=no\nActiveState=failed\n") == Found{"error launcher-failed"});
  CHECK(found("ActiveState=active\nNeedDaemonReload=yes\n") ==
        Found{"warning launcher-not-reloaded"});
  CHECK(found("NeedDaemonReload=no\nActiveState=failed\n", true).empty());
}
