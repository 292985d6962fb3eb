// SPDX-License-Identifier: ISC
#include "admin/check/findings.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

namespace admin {

namespace {

const char* log_name(Severity severity) {
  return severity == Severity::error ? "error" : "warning";
}

/// File names may contain any octets, and a terminal obeys control characters, also those of two
/// octets in UTF-8.
std::string printable(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

} // namespace

void Findings::add(Severity severity, const Finding& finding) {
  worst_ = std::max(worst_, severity);
  if (++counts_[finding.id] <= most_of_a_kind || all_)
    print(severity, finding);
}

void Findings::print(Severity severity, const Finding& finding) {
  if (form_ == Form::text) {
    std::cout << log_name(severity) << ": " << printable(finding.where) << ": "
              << printable(finding.what) << " [" << finding.id << "]: " << printable(finding.remedy)
              << '\n';
    return;
  }
  const nlohmann::ordered_json object{{"severity", log_name(severity)},
                                      {"id", finding.id},
                                      {"where", finding.where},
                                      {"what", finding.what},
                                      {"remedy", finding.remedy}};
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
