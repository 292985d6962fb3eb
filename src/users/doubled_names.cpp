// SPDX-License-Identifier: ISC
#include "users/doubled_names.hpp"

#include <algorithm>
#include <functional>
#include <vector>

namespace users {

namespace {

constexpr std::hash<std::string> hash_of;

} // namespace

DoubledNames::DoubledNames(const UsersFile& file) {
  std::vector<std::size_t> all;
  file.for_each(
      [&](const User& user, auto, auto) { return all.push_back(hash_of(user.name)), true; }, {});
  std::ranges::sort(all);
  for (auto at = all.begin(); (at = std::adjacent_find(at, all.end())) != all.end(); ++at)
    hashes_.insert(*at);
}

bool DoubledNames::contains(const std::string& name) const {
  return hashes_.contains(hash_of(name));
}

} // namespace users
