// SPDX-License-Identifier: ISC
// hash_slots_test.cpp, named_slots_test.cpp and turnstile_test.cpp test waiting and the death of
// holders.
#include "state/octet_lock.hpp"

#include "support/scratch.hpp"

#include <cstdint>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <ostream>
#include <system_error>

using namespace state;

namespace {

struct Slots {
  Scratch scratch;
  std::string path = scratch.path("slots");

  base::UniqueFd open() const { return open_lock_file(path); }
};

std::optional<unsigned> lock(const base::UniqueFd& fd, off_t first, unsigned count) {
  return lock_one_of(fd.get(), first, count);
}

} // namespace

TEST_CASE("ranges beside each other share no octet") {
  const Slots slots;
  const auto one = slots.open(), two = slots.open(), three = slots.open();
  CHECK(lock(one, 100, 1) == 0u);
  CHECK(lock(two, 99, 1) == 0u);
  CHECK(lock(three, 101, 1) == 0u);
  const auto late = slots.open();
  CHECK_FALSE(lock(late, 99, 3).has_value());
  CHECK(lock(late, 99, 4) == 3u);
}

TEST_CASE("the last octet that off_t can name can be locked") {
  const Slots slots;
  const auto one = slots.open(), two = slots.open();
  CHECK(lock(one, INT64_MAX, 1) == 0u);
  CHECK_FALSE(lock(two, INT64_MAX, 1).has_value());
  struct stat facts;
  REQUIRE(stat(slots.path.c_str(), &facts) == 0);
  CHECK(facts.st_size == 0); // a lock needs no data
}

TEST_CASE("a shared slot goes over to a description that cannot write, and is never free") {
  const Slots slots;
  base::UniqueFd held(open(slots.open() ? slots.path.c_str() : "", O_RDONLY));
  {
    const auto claim = slots.open();
    REQUIRE(lock(claim, 7, 1) == 0u);
    CHECK_THROWS_AS(share_lock(held.get(), 7), std::system_error);
    share_lock(claim.get(), 7);
    CHECK_FALSE(lock(slots.open(), 7, 1).has_value());
    share_lock(held.get(), 7);
  }
  CHECK_FALSE(lock(slots.open(), 7, 1).has_value());
  held.reset();
  CHECK(lock(slots.open(), 7, 1) == 0u);
}

TEST_CASE("a descriptor that cannot be locked is a failure, not a slot that is taken") {
  CHECK_THROWS_AS(lock(base::UniqueFd(), 0, 1), std::system_error);
  const base::UniqueFd readable(open("/dev/null", O_RDONLY));
  CHECK_THROWS_AS(lock(readable, 0, 1), std::system_error);
}
