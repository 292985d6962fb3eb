// SPDX-License-Identifier: ISC
#include "users/rights.hpp"

#include "base/number.hpp"
#include "base/utc.hpp"

#include <chrono>

namespace users {

std::optional<base::Problem> problem(const Rights& rights,
                                     const std::optional<base::Address>& client, std::int64_t now) {
  if (rights.networks && !rights.networks->contains(client))
    return rights_problem::network;
  if (rights.expires && now >= *rights.expires)
    return rights_problem::expired;
  return {};
}

std::optional<std::int64_t> end_of_day(std::string_view date) {
  using namespace std::chrono;
  constexpr std::string_view pattern = "yyyy-mm-dd";
  if (date.size() != pattern.size() || date[4] != '-' || date[7] != '-')
    return {};
  const auto y = base::parse_number<unsigned>(date.substr(0, 4)),
             m = base::parse_number<unsigned>(date.substr(5, 2)),
             d = base::parse_number<unsigned>(date.substr(8, 2));
  if (!y || !m || !d)
    return {};
  const year_month_day day{year(static_cast<int>(*y)), month(*m), std::chrono::day(*d)};
  if (!day.ok())
    return {};
  return duration_cast<seconds>((sys_days(day) + days(1)).time_since_epoch()).count();
}

std::string last_day(std::int64_t end) {
  constexpr std::size_t date = 10;
  return base::utc(end - 1).substr(0, date);
}

} // namespace users
