// SPDX-License-Identifier: ISC
// Has a name been here before? Answered in a memory that does not grow: a Bloom filter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace users {

class NameFilter {
 public:
  /// 4 MiB: with a million names it is wrong once in 300 times.
  static constexpr std::size_t bits = std::size_t{1} << 25;

  /// Whether the name may have been inserted before; now it has. True for each that has, and now
  /// and then for one that has not.
  bool insert(std::string_view name);

 private:
  bool set(std::size_t bit);

  std::vector<std::uint64_t> words_ = std::vector<std::uint64_t>(bits / 64);
};

} // namespace users
