// SPDX-License-Identifier: ISC
#include "admin/check/findings.hpp"

#include "admin/printable.hpp"
#include "admin/shell_word.hpp"

#include <algorithm>
#include <boost/algorithm/string/join.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

namespace admin {

namespace {

constexpr std::string_view error_kind = "error", warning_kind = "warning", more_kind = "more",
                           looked_at_kind = "looked-at";

void print_record(const std::array<std::string_view, std::tuple_size_v<Findings::Record>>& fields) {
  for (const auto& field : fields)
    std::cout << field << '\0';
}

} // namespace

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

void Findings::begin_server() {
  has_servers_ = true;
  earlier_places_.merge(places_);
}

bool Findings::is_known(std::string_view id, std::string_view where) {
  if (!has_servers_)
    return false;
  const auto place = std::string(id).append(" ").append(where);
  places_.insert(place);
  return earlier_places_.contains(place);
}

void Findings::print(std::string_view kind, std::string_view id, std::string_view where,
                     std::string_view what, const Remedy& remedy) {
  progress_.clear();
  if (form_ == Form::text) {
    std::cout << kind << ": " << printable(where) << ": " << printable(what) << " [" << id
              << "]: " << (remedy.is_command ? "run: " + remedy.text : printable(remedy.text))
              << '\n';
  } else if (form_ == Form::records) {
    print_record({kind, id, where, what, remedy.text, remedy.is_command ? "1" : ""});
  } else {
    const nlohmann::ordered_json object{{"severity", kind},      {"id", id},
                                        {"where", where},        {"what", what},
                                        {"remedy", remedy.text}, {"command", remedy.is_command}};
    // Octets that are no UTF-8 are replaced.
    std::cout << (is_first_ ? "[\n" : ",\n")
              << object.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    is_first_ = false;
  }
}

void Findings::add(Severity severity, std::string_view id, std::string_view where,
                   std::string_view what, const Remedy& remedy) {
  worst_ = std::max(worst_, severity);
  if (is_known(id, where))
    return;
  auto& count = counts_[std::string(id)];
  if (++count.number <= most_of_a_kind || all_)
    print(severity == Severity::error ? error_kind : warning_kind, id, where, what, remedy);
  else
    count.last_place = where;
}

void Findings::add_record(const Record& record) {
  const auto& [kind, id, where, what, text, is_command] = record;
  Remedy remedy(text);
  remedy.is_command = !is_command.empty();
  if (kind == looked_at_kind)
    looked_at(id);
  else if (kind == more_kind)
    counts_[id] = {counts_[id].number + std::stoul(where), what};
  else
    add(kind == error_kind ? Severity::error : Severity::warning, id, where, what, remedy);
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
  progress_.clear();
  std::cerr << "sodapop: " << printable(text) << '\n';
}

void Findings::tell_the_rest() const {
  for (const auto& [id, count] : counts_) {
    const auto more = std::to_string(count.number - std::min(count.number, most_of_a_kind));
    if (more == "0" || all_)
      continue;
    if (form_ == Form::records)
      print_record({more_kind, id, more, count.last_place, "", ""});
    else
      std::cerr << "sodapop: " << more << " more of " << id << ", the last at "
                << printable(count.last_place) << "; --all-findings prints them\n";
  }
}

Severity Findings::finish() {
  progress_.clear();
  if (form_ == Form::json)
    std::cout << (is_first_ ? "[]\n" : "\n]\n");
  tell_the_rest();
  if (form_ == Form::records)
    for (const auto& text : looked_at_)
      print_record({looked_at_kind, text, "", "", "", ""});
  if (worst_ == Severity::none && form_ == Form::text && !is_quiet_ && !looked_at_.empty())
    std::cout << "nothing found: " << printable(boost::algorithm::join(looked_at_, ", ")) << '\n';
  return worst_;
}

} // namespace admin
