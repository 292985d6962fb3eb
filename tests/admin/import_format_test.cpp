// SPDX-License-Identifier: ISC
#include "admin/import_format.hpp"

#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "command_line_fixture.hpp"

#include <doctest/doctest.h>
#include <string>

using namespace admin;

namespace {

/// A line of shadow(5) for an account that every system has.
std::string shadow_line(const std::string& day_of_expiry) {
  return "nobody:$6$saltsalt$" + std::string(86, 'A') + ":19000:0:99999:7::" + day_of_expiry + ":";
}

std::string imported(const std::string& day_of_expiry) {
  const auto given = support::values(users_import().front().options, "- --format shadow");
  const auto line = import_line({}, given, shadow_line(day_of_expiry));
  return line.substr(line.rfind(':') + 1);
}

} // namespace

TEST_CASE("an account of the system expires on the day before the one that shadow names") {
  CHECK(imported("") == "");
  CHECK(imported("1") == "sodapop_expires=1970-01-01");
  CHECK(imported("20000") == "sodapop_expires=2024-10-03");
  for (const char* day : {"0", "-1", "1x", " 1", "9223372036854775808"})
    CHECK_THROWS_AS(imported(day), Failure);
}

TEST_CASE("a day beyond the last possible date becomes that date") {
  CHECK(imported("2932896") == "sodapop_expires=9999-12-30");
  for (const char* day : {"2932897", "2932898", "9223372036854775807"})
    CHECK(imported(day) == "sodapop_expires=9999-12-31");
}
