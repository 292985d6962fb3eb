// SPDX-License-Identifier: ISC
#include "admin/storage_options.hpp"

#include "admin/failure.hpp"
#include "command_line_fixture.hpp"

#include <doctest/doctest.h>

using passwords::Cost;

namespace {

admin::CostOptions parsed(const std::string& arguments) {
  admin::CostOptions options;
  support::parse({support::command_with(options.options())}, arguments);
  return options;
}

constexpr std::uint64_t mebi = 1024 * 1024;

} // namespace

TEST_CASE("without options a hash costs what OWASP advises") {
  const auto options = parsed("");
  CHECK_FALSE(options.given());
  CHECK(options.cost() == passwords::owasp_cost);
}

TEST_CASE("a preset or numbers say what a hash costs") {
  for (const auto& preset : passwords::presets()) {
    const auto options = parsed("--cost " + std::string(preset.name));
    CHECK(options.given());
    CHECK(options.cost() == preset.cost);
  }
  CHECK(parsed("--hash-memory 1 --hash-operations 1").cost() == Cost{mebi, 1});
  CHECK(parsed("--hash-memory 4096 --hash-operations 1000").cost() == Cost{4096 * mebi, 1000});
}

TEST_CASE("half a cost, two costs and costs out of range are refused") {
  for (const auto* arguments :
       {"--cost cheap", "--cost", "--hash-memory 8", "--hash-operations 2",
        "--cost owasp --hash-memory 8 --hash-operations 2", "--hash-memory 0 --hash-operations 1",
        "--hash-memory 4097 --hash-operations 1", "--hash-memory 8 --hash-operations 0",
        "--hash-memory 8 --hash-operations 1001", "--hash-memory -1 --hash-operations 1",
        "--hash-memory 8x --hash-operations 1"})
    CHECK_THROWS_AS(parsed(arguments), admin::UsageError);
}

TEST_CASE("a cost that the server would refuse is refused when the hash is made") {
  const auto options = parsed("--hash-memory 8 --hash-operations 2");
  CHECK(options.cost_within({8 * mebi, 2}) == Cost{8 * mebi, 2});
  CHECK_THROWS_AS(options.cost_within({8 * mebi - 1, 2}), admin::Failure);
  CHECK_THROWS_AS(options.cost_within({8 * mebi, 1}), admin::Failure);
}
