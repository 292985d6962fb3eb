// SPDX-License-Identifier: ISC
#include "users/doubled_keys.hpp"

#include <algorithm>
#include <functional>

namespace users {

namespace {

constexpr std::hash<std::string_view> hash_of;

} // namespace

void DoubledKeys::add(std::string_view key) {
  hashes_.push_back(hash_of(key));
}

void DoubledKeys::find() {
  std::ranges::sort(hashes_);
  for (auto at = hashes_.begin(); (at = std::adjacent_find(at, hashes_.end())) != hashes_.end();
       ++at)
    doubled_.insert(*at);
  hashes_ = {};
}

bool DoubledKeys::contains(std::string_view key) const {
  return doubled_.contains(hash_of(key));
}

DoubledKeys doubled_names(const UsersFile& file) {
  DoubledKeys names;
  file.for_each([&](const User& user, auto, auto) { return names.add(user.name), true; }, {});
  names.find();
  return names;
}

} // namespace users
