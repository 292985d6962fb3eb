// SPDX-License-Identifier: ISC
#include "state/slots.hpp"

#include "state/octet_lock.hpp"

#include "support/child.hpp"
#include "support/scratch.hpp"

#include <algorithm>
#include <cstdint>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <ostream>
#include <set>
#include <sys/resource.h>
#include <system_error>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

struct Slots {
  Scratch scratch;
  std::string path = scratch.path("user-slots");

  std::optional<base::UniqueFd> take(std::string_view user, unsigned count,
                                     Clock::duration patience = -1s) const {
    return state::take_user_slot(path, user, count, Clock::now() + patience);
  }
};

struct SourceSlots {
  Scratch scratch;
  std::string path = scratch.path("source-slots");

  std::optional<base::UniqueFd> take(std::string_view network, unsigned count) const {
    return state::take_source_slot(path, base::Address::parse(network).value(), count);
  }
};

} // namespace

TEST_CASE("a user has as many sessions as allowed, and one more when one of them has ended") {
  const Slots slots;
  for (const unsigned count : {1u, 2u, 10u, state::most_user_slots}) {
    std::vector<base::UniqueFd> held;
    for (unsigned i = 0; i < count; ++i) {
      auto slot = slots.take("alice", count);
      REQUIRE(slot.has_value());
      held.push_back(std::move(*slot));
    }
    CHECK_FALSE(slots.take("alice", count).has_value());
    held.erase(held.begin() + count / 2);
    CHECK(slots.take("alice", count).has_value());
  }
}

TEST_CASE("half a second of waiting for a slot takes a few looks, not fifty") {
  const Slots slots;
  const auto held = slots.take("alice", 1);
  REQUIRE(held.has_value());
  support::Child waiter([&slots] {
    const auto start = Clock::now();
    const auto slot = slots.take("alice", 1, 500ms);
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return !slot && Clock::now() - start >= 500ms && used.ru_nvcsw <= 10 ? 0 : 1;
  });
  CHECK(waiter.exit_status() == 0);
}

TEST_CASE("users do not count for each other") {
  const Slots slots;
  const auto alice = slots.take("alice", 1);
  REQUIRE(alice.has_value());
  CHECK(slots.take("bob", 1).has_value());
  CHECK(slots.take("alice@example.org", 1).has_value());
  CHECK(slots.take("Alice", 1).has_value());
  CHECK_FALSE(slots.take("alice", 1).has_value());
}

TEST_CASE("kill -9 of a holder frees its slot at once") {
  const Slots slots;
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  support::Child holder([&] {
    const auto slot = slots.take("alice", 1);
    const char answer = slot ? 'y' : 'n';
    (void)!write(ends[1], &answer, 1);
    pause();
    return 0;
  });
  char answer = 0;
  REQUIRE(read(ends[0], &answer, 1) == 1);
  close(ends[0]);
  close(ends[1]);
  REQUIRE(answer == 'y');
  CHECK_FALSE(slots.take("alice", 1).has_value());
  holder.end();
  CHECK(slots.take("alice", 1).has_value());
}

TEST_CASE("a slot that is about to be free is waited for") {
  const Slots slots;
  auto held = slots.take("alice", 1);
  REQUIRE(held.has_value());
  const auto start = Clock::now();
  std::thread ender([&] {
    std::this_thread::sleep_for(30ms);
    held.reset();
  });
  CHECK(slots.take("alice", 1, 10s).has_value());
  CHECK(Clock::now() - start >= 30ms);
  ender.join();
}

TEST_CASE("of many requests at once as many are granted as allowed, and no more") {
  const Slots slots;
  std::vector<std::optional<base::UniqueFd>> answers(24);
  std::vector<std::thread> askers; // open file descriptions count, not processes
  for (auto& answer : answers)
    askers.emplace_back([&slots, &answer] { answer = slots.take("alice", 3); });
  for (auto& asker : askers)
    asker.join();
  CHECK(std::ranges::count_if(answers, [](const auto& answer) { return answer.has_value(); }) == 3);
}

TEST_CASE("the descriptor of a slot cannot be written to, nor can it lock a slot exclusively") {
  const Slots slots;
  const auto held = slots.take("alice", 1);
  REQUIRE(held.has_value());
  CHECK((fcntl(held->get(), F_GETFL) & O_ACCMODE) == O_RDONLY);
  CHECK((fcntl(held->get(), F_GETFD) & FD_CLOEXEC) != 0);
  CHECK(write(held->get(), "x", 1) == -1);
  struct flock exclusive {};
  exclusive.l_type = F_WRLCK;
  CHECK(fcntl(held->get(), F_OFD_SETLK, &exclusive) == -1);
  struct stat facts;
  REQUIRE(stat(slots.path.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777) == 0600);
  CHECK(facts.st_size == 0);
}

TEST_CASE("every name has a range of its own that ends before off_t does") {
  std::set<off_t> ranges;
  for (int i = 0; i < 10'000; ++i) {
    const auto range = state::octet_range("user" + std::to_string(i), state::most_user_slots);
    REQUIRE(range >= 0);
    REQUIRE(range <= INT64_MAX - (state::most_user_slots - 1));
    REQUIRE(range % state::most_user_slots == 0);
    ranges.insert(range);
  }
  CHECK(ranges.size() == 10'000);
}

TEST_CASE("a place where no file can be is a failure, not too many sessions") {
  const Scratch scratch;
  const auto take = [](const std::string& path) {
    return state::take_user_slot(path, "alice", 1, Clock::now()).has_value();
  };
  CHECK_THROWS_AS(take(scratch.path("no/user-slots")), std::system_error);
  CHECK_THROWS_AS(take(scratch.path()), std::system_error);
}

TEST_CASE("a network has as many connections as allowed, and one more when one has ended") {
  const SourceSlots slots;
  for (const unsigned count : {1u, 2u, 50u}) {
    std::vector<base::UniqueFd> held;
    for (unsigned i = 0; i < count; ++i) {
      auto slot = slots.take("192.0.2.0", count);
      REQUIRE(slot.has_value());
      held.push_back(std::move(*slot));
    }
    CHECK_FALSE(slots.take("192.0.2.0", count).has_value());
    CHECK(slots.take("198.51.100.0", count).has_value());
    CHECK(slots.take("192.0.2.0", count + 1).has_value());
    held.pop_back();
    CHECK(slots.take("192.0.2.0", count).has_value());
  }
}

TEST_CASE("as many as may be configured fit into a network's range") {
  const SourceSlots slots;
  CHECK(slots.take("192.0.2.0", state::most_source_slots).has_value());
  CHECK(state::most_source_slots >= 100'000);
}

TEST_CASE("octets of any value name a network") {
  const SourceSlots slots;
  const auto v4 = slots.take("0.0.0.0", 1);
  CHECK(v4.has_value());
  CHECK(slots.take("::", 1).has_value());
  CHECK_FALSE(slots.take("0.0.0.0", 1).has_value());
}

TEST_CASE("a network's descriptor cannot be written to, and a path that is no file is a failure") {
  const SourceSlots slots;
  const auto held = slots.take("192.0.2.0", 1);
  REQUIRE(held.has_value());
  CHECK((fcntl(held->get(), F_GETFL) & O_ACCMODE) == O_RDONLY);
  CHECK_THROWS_AS((void)state::take_source_slot(slots.scratch.path(), {}, 1), std::system_error);
}
