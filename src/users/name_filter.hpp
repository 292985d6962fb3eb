// SPDX-License-Identifier: ISC
// A Bloom filter of names, in memory of fixed size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace users {

class NameFilter {
 public:
  /// 4 MiB: with a million names, one answer in 300 is wrong.
  static constexpr std::size_t bits = std::size_t{1} << 25;

  /// Inserts the name. True when it was inserted before, and now and then for a new name.
  bool insert(std::string_view name);

 private:
  bool set(std::size_t bit);

  std::vector<std::uint64_t> words_ = std::vector<std::uint64_t>(bits / 64);
};

} // namespace users
