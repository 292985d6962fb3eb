// SPDX-License-Identifier: ISC
#include "users/name_filter.hpp"

#include <functional>

namespace users {

bool NameFilter::set(std::size_t bit) {
  auto& word = words_[bit / 64];
  const auto mask = std::uint64_t{1} << bit % 64;
  const bool was_set = (word & mask) != 0;
  word |= mask;
  return was_set;
}

bool NameFilter::insert(std::string_view name) {
  const std::uint64_t hash = std::hash<std::string_view>()(name);
  const bool first = set(hash % bits);
  const bool second = set(hash / bits % bits);
  return first && second;
}

} // namespace users
