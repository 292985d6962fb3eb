// SPDX-License-Identifier: ISC
// The slots of networks. user_slot_test.cpp tests the common behaviour of all slots.
#include "state/source_slot.hpp"

#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <ostream>
#include <system_error>
#include <vector>

namespace {

struct Slots {
  Scratch scratch;
  std::string path = scratch.path("source-slots");

  std::optional<base::UniqueFd> take(std::string_view network, unsigned count) const {
    return state::take_source_slot(path, network, count);
  }
};

} // namespace

TEST_CASE("a network has as many connections as allowed, and one more when one has ended") {
  const Slots slots;
  for (const unsigned count : {1u, 2u, 50u}) {
    std::vector<base::UniqueFd> held;
    for (unsigned i = 0; i < count; ++i) {
      auto slot = slots.take("network", count);
      REQUIRE(slot.has_value());
      held.push_back(std::move(*slot));
    }
    CHECK_FALSE(slots.take("network", count).has_value());
    CHECK(slots.take("another", count).has_value());
    CHECK(slots.take("network", count + 1).has_value());
    held.pop_back();
    CHECK(slots.take("network", count).has_value());
  }
}

TEST_CASE("as many as may be configured fit into a network's range") {
  const Slots slots;
  CHECK(slots.take("network", state::most_source_slots).has_value());
  CHECK(state::most_source_slots >= 100'000);
}

TEST_CASE("octets of any value name a network") {
  const Slots slots;
  using namespace std::string_view_literals;
  const auto v4 = slots.take("\0\0\0\0"sv, 1);
  CHECK(v4.has_value());
  CHECK(slots.take("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv, 1).has_value());
  CHECK_FALSE(slots.take("\0\0\0\0"sv, 1).has_value());
}

TEST_CASE("a slot's descriptor cannot be written to, and a path that is no file is a failure") {
  const Slots slots;
  const auto held = slots.take("network", 1);
  REQUIRE(held.has_value());
  CHECK((fcntl(held->get(), F_GETFL) & O_ACCMODE) == O_RDONLY);
  CHECK_THROWS_AS((void)state::take_source_slot(slots.scratch.path(), "network", 1),
                  std::system_error);
}
