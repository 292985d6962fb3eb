// SPDX-License-Identifier: ISC
#include "maildir/message_name.hpp"

#include "base/digest.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace maildir {

namespace {

constexpr std::string_view info_mark = ":2,";

} // namespace

std::string_view base_name(std::string_view file_name) {
  return file_name.substr(0, file_name.find(info_mark));
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
  return name;
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
