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

constexpr std::string_view number_key = ",U=";
constexpr std::string_view digits = "0123456789";
constexpr std::string_view hex_digits = "0123456789abcdefABCDEF";

/// The letters between the mark and the first comma behind it.
std::string_view flags_of(std::string_view file_name) {
  const auto mark = file_name.find(info_mark);
  if (mark == file_name.npos)
    return {};
  const auto rest = file_name.substr(mark + info_mark.size());
  return rest.substr(0, rest.find(','));
}

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
  if (base.find(number_key) == base.npos) // quick, as it is in few names
    return base;
  for (auto shorter = base;; base = shorter) {
    remove_field(shorter, ",FMD5=", hex_digits);
    if (!remove_field(shorter, number_key, digits) || shorter.empty())
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

std::string with_info(std::string_view file_name) {
  std::string name(file_name);
  if (name.find(info_mark) == name.npos)
    name += info_mark;
  return name;
}

std::string with_flag_changed(std::string_view file_name, char flag) {
  auto name = with_info(file_name);
  const auto flags = flags_of(name);
  const auto start = static_cast<std::size_t>(flags.data() - name.data());
  if (const auto place = flags.find(flag); place != flags.npos)
    return name.erase(start + place, 1);
  const auto* place = std::ranges::find_if(flags, [flag](char other) { return other > flag; });
  name.insert(name.begin() + (place - name.data()), flag);
  return name;
}

std::string seen_name(std::string_view file_name) {
  if (flags_of(file_name).find('S') != file_name.npos)
    return std::string(file_name);
  auto name = with_flag_changed(file_name, 'S');
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
