// SPDX-License-Identifier: ISC
#include "base/secret.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <doctest/doctest.h>
#include <new>
#include <ostream>
#include <stdexcept>
#include <string>
#include <type_traits>

using base::Secret;

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);

TEST_CASE("a secret gives its bytes back, NUL included") {
  const std::string bytes("a\0b", 3);
  const Secret secret(bytes);
  CHECK(secret.reveal() == bytes);
  CHECK(secret.size() == 3);
  CHECK_FALSE(secret.empty());
  CHECK(Secret().empty());
  CHECK(Secret("").reveal().empty());
}

TEST_CASE("wiping overwrites all of it and nothing beside it") {
  std::array<char, 8> bytes;
  bytes.fill('x');
  base::wipe(bytes.data() + 1, 6);
  CHECK(std::string_view(bytes.data(), 8) == std::string_view("x\0\0\0\0\0\0x", 8));
  base::wipe(nullptr, 0);
}

TEST_CASE("bytes are equal when all of them are, NUL and what is behind it included") {
  using namespace std::string_view_literals;
  CHECK(base::equal_in_constant_time("", {}));
  CHECK(base::equal_in_constant_time("a\0b"sv, std::string("a\0b", 3)));
  for (const auto other : {""sv, "a"sv, "a\0"sv, "a\0c"sv, "b\0b"sv, "a\0b\0"sv})
    CHECK_FALSE(base::equal_in_constant_time("a\0b"sv, other));
}

TEST_CASE("a secret that is moved from keeps nothing") {
  Secret from("hunter2");
  Secret to(std::move(from));
  CHECK(to.reveal() == "hunter2");
  CHECK(from.empty());
  Secret other("old");
  other = std::move(to);
  CHECK(other.reveal() == "hunter2");
  CHECK(to.empty());
  auto& same = other;
  other = std::move(same);
  CHECK(other.reveal() == "hunter2");
}

TEST_CASE("a wiper wipes its object at the end of the scope, also by an exception") {
  std::array<char, 4> octets{'s', 'e', 'c', 'r'};
  {
    const base::Wiper wiper(octets);
    CHECK(octets[0] == 's');
  }
  CHECK(octets == std::array<char, 4>{});
  octets.fill('x');
  try {
    const base::Wiper wiper(octets);
    throw std::runtime_error("");
  } catch (const std::runtime_error&) {
    CHECK(octets == std::array<char, 4>{});
  }
}

TEST_CASE("secret octets are wiped by their destructor, copies too") {
  using Octets = base::SecretOctets<4>;
  alignas(Octets) std::array<std::byte, 2 * sizeof(Octets)> space;
  auto* octets = new (space.data()) Octets{{1, 2, 3, 4}};
  auto* copy = new (space.data() + sizeof(Octets)) Octets(*octets);
  octets->~Octets();
  CHECK((*copy == std::array<std::uint8_t, 4>{1, 2, 3, 4}));
  CHECK(space[0] == std::byte{0});
  copy->~Octets();
  CHECK(std::ranges::all_of(space, [](std::byte octet) { return octet == std::byte{0}; }));
}
