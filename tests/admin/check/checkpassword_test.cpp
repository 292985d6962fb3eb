// SPDX-License-Identifier: ISC
#include "check_fixture.hpp"

#include <doctest/doctest.h>

using support::CheckFixture;
using support::Found;

namespace {

Found of_program(const std::string& command) {
  CheckFixture fixture;
  fixture.context.settings.checkpassword = command;
  return fixture.found([&](auto& findings) { check_checkpassword(fixture.context, findings); });
}

} // namespace

TEST_CASE("a checkpassword program has to exist, to be executable and to be safe") {
  const Scratch scratch;
  CHECK(of_program("").empty());
  CHECK(of_program("/bin/true with arguments").empty());
  CHECK(of_program(scratch.path("missing")) == Found{"error checkpassword-missing"});
  CHECK(of_program(scratch.path()) == Found{"error checkpassword-missing"});
  CHECK(of_program(scratch.write("program", "", 0755)).empty());
  CHECK(of_program(scratch.write("program", "", 0775)) == Found{"error checkpassword-unsafe"});
}
