// SPDX-License-Identifier: ISC
#include "admin/check/findings.hpp"

#include "admin/printable.hpp"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

namespace admin {

void Findings::add(Severity severity, std::string_view id, std::string_view where,
                   std::string_view what, std::string_view remedy) {
  worst_ = std::max(worst_, severity);
  if (++counts_[id] > most_of_a_kind && !all_)
    return;
  const auto* const kind = severity == Severity::error ? "error" : "warning";
  if (form_ == Form::text) {
    std::cout << kind << ": " << printable(where) << ": " << printable(what) << " [" << id
              << "]: " << printable(remedy) << '\n';
    return;
  }
  const nlohmann::ordered_json object{
      {"severity", kind}, {"id", id}, {"where", where}, {"what", what}, {"remedy", remedy}};
  // Octets that are no UTF-8 are replaced.
  std::cout << (is_first_ ? "[\n" : ",\n")
            << object.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  is_first_ = false;
}

Severity Findings::finish() {
  if (form_ == Form::json)
    std::cout << (is_first_ ? "[]\n" : "\n]\n");
  for (const auto& [id, count] : counts_)
    if (count > most_of_a_kind && !all_)
      std::cerr << "sodapop: " << count - most_of_a_kind << " more of " << id
                << "; --all-users prints them\n";
  return worst_;
}

} // namespace admin
