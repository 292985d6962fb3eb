// SPDX-License-Identifier: ISC
#include "sandbox/stack_canary.hpp"

#include "support/child.hpp"
#include "support/stack_canary.hpp"

#include <array>
#include <cstring>
#include <doctest/doctest.h>
#include <set>
#include <unistd.h>

namespace {

/// Has a canary in its frame, as it has a buffer.
[[gnu::noinline]] bool copies(const char* text) {
  std::array<char, 64> copy{};
  std::strncpy(copy.data(), text, copy.size() - 1);
  asm volatile("" : : "r"(copy.data()) : "memory");
  return std::strlen(copy.data()) == std::strlen(text);
}

[[noreturn]] __attribute__((no_stack_protector)) void send_new_canary(int to) {
  sandbox::renew_stack_canary();
  const auto canary = support::stack_canary();
  const bool is_sent = copies("text") && write(to, &canary, sizeof canary) == sizeof canary;
  _exit(is_sent ? 0 : 1);
}

/// The canary of a forked process after it has renewed it and called a function that has one.
std::uint64_t canary_of_child() {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  support::Child child([&]() -> int { send_new_canary(ends[1]); });
  std::uint64_t canary = 0;
  const auto octets = read(ends[0], &canary, sizeof canary);
  close(ends[0]);
  close(ends[1]);
  REQUIRE(child.exit_status() == 0);
  REQUIRE(octets == sizeof canary);
  return canary;
}

} // namespace

TEST_CASE("each forked process can have a canary of its own, and goes on with it") {
  if (!support::renews_stack_canary)
    return support::skipped("the canary can be renewed on x86-64 only");
  std::set<std::uint64_t> canaries{support::stack_canary()};
  constexpr std::size_t children = 8;
  for (std::size_t i = 0; i < children; ++i) {
    const auto canary = canary_of_child();
    CHECK((canary & 0xff) == 0); // ends a string
    canaries.insert(canary);
  }
  CHECK(canaries.size() == children + 1);
}
