// SPDX-License-Identifier: ISC
#include "check_fixture.hpp"

#include "support/child.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

using support::CheckFixture;
using support::Found;

namespace {

bool is_root() {
  if (geteuid() != 0)
    support::skipped("only a server that is started as root has a front account");
  return geteuid() == 0;
}

/// The findings about a front account that has `line` in passwd(5).
Found of_account(const std::string& line) {
  const CheckFixture fixture;
  fixture.scratch.write("passwd", "root:x:0:0:::\n" + line + "\n");
  return fixture.found([&](auto& findings) { check_front_account(fixture.context, findings); });
}

} // namespace

TEST_CASE("a front account that owns nothing and cannot log in is in order") {
  if (is_root())
    CHECK(of_account("_sodapop:x:990:990::/nonexistent:/usr/sbin/nologin").empty());
}

TEST_CASE("a front account that is missing, root's, or more than it needs is found") {
  if (!is_root())
    return;
  CHECK(of_account("other:x:990:990::/:/bin/false") == Found{"error front-account-missing"});
  CHECK(of_account("_sodapop:x:0:0::/:/bin/false") == Found{"error front-account-root"});
  CHECK(of_account("_sodapop:x:990:990::/nonexistent:/bin/sh") ==
        Found{"warning front-account-shell"});
  const Scratch home;
  REQUIRE(chown(home.path().c_str(), 990, 990) == 0);
  CHECK(of_account("_sodapop:x:990:990::" + home.path() + ":/bin/false") ==
        Found{"warning front-account-home"});
}

TEST_CASE("the front account's uid is that of the file") {
  if (!is_root())
    return;
  const CheckFixture fixture;
  CHECK_FALSE(front_uid(fixture.context));
  fixture.scratch.write("passwd", "_sodapop:x:990:991:::\n");
  CHECK(front_uid(fixture.context) == uid_t{990});
}
