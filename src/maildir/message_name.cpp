// SPDX-License-Identifier: ISC
#include "maildir/message_name.hpp"

#include "base/digest.hpp"

#include <algorithm>
#include <charconv>
#include <climits>
#include <limits>

namespace maildir {

namespace {

constexpr std::string_view info_mark = ":2,";

constexpr std::string_view digits = "0123456789";
constexpr std::string_view hex_digits = "0123456789abcdefABCDEF";

/// Removes `key` and a value of some of the characters `allowed` from the end of a name. False when
/// the name does not end with that.
bool remove_field(std::string_view& name, std::string_view key, std::string_view allowed) {
  const auto rest = name.substr(0, name.find_last_not_of(allowed) + 1);
  if (rest.size() == name.size() || !rest.ends_with(key))
    return false;
  name = rest.substr(0, rest.size() - key.size());
  return true;
}

} // namespace

std::string_view base_name(std::string_view file_name) {
  auto base = file_name.substr(0, file_name.find(info_mark));
  for (auto shorter = base;; base = shorter) {
    remove_field(shorter, ",FMD5=", hex_digits);
    if (!remove_field(shorter, ",U=", digits) || shorter.empty())
      return base;
  }
}

std::uint64_t leading_number(std::string_view file_name) {
  std::uint64_t number = 0;
  const auto result = std::from_chars(file_name.begin(), file_name.end(), number);
  if (result.ec == std::errc::result_out_of_range)
    return std::numeric_limits<std::uint64_t>::max();
  return number;
}

bool precedes(std::string_view a, std::string_view b) {
  const auto number_a = leading_number(a), number_b = leading_number(b);
  return number_a != number_b ? number_a < number_b : base_name(a) < base_name(b);
}

std::string seen_name(std::string_view file_name) {
  std::string name(file_name);
  if (name.find(info_mark) == name.npos)
    name += info_mark;
  const auto start = name.find(info_mark) + info_mark.size();
  const auto flags = std::string_view(name).substr(start, name.find(',', start) - start);
  if (flags.find('S') == flags.npos) {
    const auto* place = std::ranges::find_if(flags, [](char flag) { return flag > 'S'; });
    name.insert(name.begin() + (place - name.data()), 'S');
  }
  return name.size() <= NAME_MAX ? name : std::string(file_name);
}

pop3::UniqueId unique_id(std::string_view file_name) {
  const auto base = base_name(file_name);
  const auto is_allowed = [](char c) { return c > ' ' && c < 0x7f; };
  if (base.size() <= pop3::max_unique_id && !base.empty() &&
      std::all_of(base.begin(), base.end(), is_allowed))
    return pop3::UniqueId::of(base);
  return pop3::UniqueId::of(base::digest(base));
}

} // namespace maildir
