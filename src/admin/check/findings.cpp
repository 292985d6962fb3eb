// SPDX-License-Identifier: ISC
#include "admin/check/findings.hpp"

#include "admin/printable.hpp"
#include "admin/shell_word.hpp"

#include <algorithm>
#include <boost/algorithm/string/join.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

namespace admin {

Remedy run(const std::vector<std::string>& words) {
  Remedy command("");
  for (const auto& word : words)
    command.text += (command.text.empty() ? "" : " ") + shell_word(word);
  command.is_command = true;
  return command;
}

Remedy run_all(std::initializer_list<Remedy> commands) {
  Remedy all("");
  for (const auto& one : commands)
    all.text += (all.text.empty() ? "" : " && ") + one.text;
  all.is_command = true;
  return all;
}

void Findings::add(Severity severity, std::string_view id, std::string_view where,
                   std::string_view what, const Remedy& remedy) {
  worst_ = std::max(worst_, severity);
  if (++counts_[id] > most_of_a_kind && !all_)
    return;
  const auto* const kind = severity == Severity::error ? "error" : "warning";
  if (form_ == Form::text) {
    std::cout << kind << ": " << printable(where) << ": " << printable(what) << " [" << id
              << "]: " << (remedy.is_command ? "run: " + remedy.text : printable(remedy.text))
              << '\n';
    return;
  }
  const nlohmann::ordered_json object{{"severity", kind},      {"id", id},
                                      {"where", where},        {"what", what},
                                      {"remedy", remedy.text}, {"command", remedy.is_command}};
  // Octets that are no UTF-8 are replaced.
  std::cout << (is_first_ ? "[\n" : ",\n")
            << object.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  is_first_ = false;
}

void Findings::attempt(std::string_view part, const std::function<void()>& check) {
  try {
    check();
  } catch (const std::exception& problem) {
    error("check-incomplete", part, std::string("not all of this was checked: ") + problem.what(),
          "Remove the cause, and check again");
  }
}

void Findings::looked_at(const std::string& text) {
  if (std::ranges::find(looked_at_, text) == looked_at_.end())
    looked_at_.push_back(text);
}

void Findings::note(std::string_view text) {
  std::cerr << "sodapop: " << printable(text) << '\n';
}

Severity Findings::finish() {
  if (form_ == Form::json)
    std::cout << (is_first_ ? "[]\n" : "\n]\n");
  for (const auto& [id, count] : counts_)
    if (count > most_of_a_kind && !all_)
      std::cerr << "sodapop: " << count - most_of_a_kind << " more of " << id
                << "; --all-users prints them\n";
  if (worst_ == Severity::none && form_ == Form::text && !is_quiet_ && !looked_at_.empty())
    std::cout << "nothing found: " << printable(boost::algorithm::join(looked_at_, ", ")) << '\n';
  return worst_;
}

} // namespace admin
