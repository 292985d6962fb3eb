// SPDX-License-Identifier: ISC
#include "admin/storage_options.hpp"

#include "command_line_fixture.hpp"
#include "passwords/scram_verifier.hpp"

#include <doctest/doctest.h>

using admin::cost_of;
using admin::storage_of;
using admin::store;
using passwords::Cost;

namespace {

admin::Values parsed(const std::string& text) {
  return support::values(admin::storage_options(), text);
}

constexpr std::uint64_t mebi = 1024 * 1024;
constexpr Cost high_cost{std::uint64_t{4096} * mebi, 1000};

config::Settings site(std::uint32_t mebibytes, std::uint32_t operations) {
  config::Settings settings;
  settings.hash_memory_limit = mebibytes;
  settings.hash_operations_limit = operations;
  return settings;
}
const auto high = site(4096, 1000);

} // namespace

TEST_CASE("without options a hash costs what OWASP advises") {
  CHECK_FALSE(cost_of(parsed("")));
  CHECK(storage_of(parsed(""), high).cost == passwords::owasp_cost);
}

TEST_CASE("a preset or numbers say what a hash costs") {
  for (const auto& preset : passwords::presets()) {
    const auto given = parsed("--cost " + std::string(preset.name));
    CHECK(cost_of(given) == preset.cost);
    CHECK(storage_of(given, high).cost == preset.cost);
  }
  CHECK(cost_of(parsed("--hash-memory 1 --hash-operations 1")) == Cost{mebi, 1});
  CHECK(cost_of(parsed("--hash-memory 4096 --hash-operations 1000")) == high_cost);
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

TEST_CASE("a cost that the server would refuse is refused") {
  const auto given = parsed("--hash-memory 8 --hash-operations 2");
  CHECK(storage_of(given, site(8, 2)).cost == Cost{8 * mebi, 2});
  CHECK_THROWS_AS(storage_of(given, site(7, 2)), admin::UsageError);
  CHECK_THROWS_AS(storage_of(given, site(8, 1)), admin::UsageError);
}

TEST_CASE("a verifier for SCRAM is made where the command or the site asks for it") {
  using Scram = config::Settings::Scram;
  for (const auto& [scram, makes] :
       {std::pair{Scram::off, false}, std::pair{Scram::kept, false},
        std::pair{Scram::unprotected, true}, std::pair{Scram::always, true}}) {
    auto settings = high;
    settings.scram = scram;
    CHECK(storage_of(parsed(""), settings).iterations.has_value() == makes);
    CHECK(storage_of(parsed("--scram"), settings).iterations == 600'000);
    CHECK_FALSE(storage_of(parsed("--no-scram"), settings).iterations);
  }
  CHECK_FALSE(storage_of(parsed(""), high).iterations); // with the default of the setting
  CHECK(storage_of(parsed("--scram --scram-iterations 4096"), high).iterations == 4096);
  CHECK(storage_of(parsed("--scram-iterations 1000000"), high).iterations == 1'000'000);
  CHECK_FALSE(storage_of(parsed("--no-scram --scram-iterations 5000"), high).iterations);
  for (const auto* arguments :
       {"--scram-iterations 4095", "--scram-iterations 1000001", "--scram --no-scram"})
    CHECK_THROWS_AS(parsed(arguments), admin::UsageError);
}

TEST_CASE("the verifier is stored with the tag of the hash") {
  const base::Secret password("secret");
  const auto with = store(password, {{8192, 1}, 4096});
  CHECK(passwords::verify(with.hash, password));
  REQUIRE(with.scram);
  CHECK(with.scram->starts_with("{SCRAM-SHA-256}4096,"));
  CHECK(with.scram->ends_with(";" + passwords::scram_tag(with.hash)));
  CHECK_FALSE(store(password, {{8192, 1}, {}}).scram);
}
