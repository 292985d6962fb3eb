// SPDX-License-Identifier: ISC
#include "admin/rights_text.hpp"

#include "admin/command_line.hpp"
#include "admin/printable.hpp"
#include "base/time_of_day.hpp"
#include "base/utc.hpp"
#include "config/value_problem.hpp"

#include <algorithm>
#include <boost/algorithm/string/join.hpp>
#include <iomanip>
#include <iostream>
#include <system_error>

namespace admin {

namespace {

/// True for a text such as 2027-02-30, whatever its numbers are.
bool has_form_of_day(std::string_view text) {
  constexpr std::string_view form = "dddd-dd-dd";
  return std::ranges::equal(text, form, [](char c, char in_form) {
    return in_form == 'd' ? c >= '0' && c <= '9' : c == in_form;
  });
}

bool is_over(std::int64_t end) {
  return base::seconds_since_1970() >= end;
}

} // namespace

base::Networks to_networks(const std::vector<std::string>& lists) {
  const auto all = boost::algorithm::join(lists, ",");
  const auto networks = base::Networks::parse(all);
  if (!networks)
    throw UsageError(config::problem_with_networks(all));
  return *networks;
}

std::int64_t to_end(const std::string& date) {
  const auto end = users::end_of_day(date);
  if (!end)
    throw UsageError(has_form_of_day(date)
                         ? "there is no day " + date
                         : config::in_quotes(date) + " is not a day; write it as 2027-01-31");
  return *end;
}

std::optional<base::Address> to_client(const std::string& address) {
  auto client = base::Address::parse(address);
  if (!client && address != "local")
    throw UsageError(config::in_quotes(address) + " is neither an address nor the word local");
  return client;
}

std::string listed(std::initializer_list<std::string> texts) {
  return boost::algorithm::join_if(texts, ", ", [](const auto& text) { return !text.empty(); });
}

std::string limits_of(const users::Rights& rights) {
  const auto& [read_only, networks, end] = rights;
  return listed({read_only ? "read-only" : "",
                 end ? (is_over(*end) ? "expired on " : "until ") + users::last_day(*end) : "",
                 networks ? "from " + networks->text() : ""});
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

void print_field(std::string_view key, const std::string& value) {
  std::cout << std::left << std::setw(20) << key << printable(or_dash(value)) << '\n';
}

void print_rights(const users::User& user, Fields& fields) {
  const auto& [read_only, networks, end] = user.rights;
  fields.flag("pop3", user.pop3);
  fields.flag("read-only", read_only);
  if (fields.is_json()) {
    fields.text("expires", end ? users::last_day(*end) : "");
    fields.text("from", networks ? networks->text() : "");
    fields.text("nologin-reason", user.nologin.value_or(""));
  } else {
    fields.text("expires",
                end ? users::last_day(*end) + (is_over(*end) ? " (expired)" : "") : "never");
    fields.text("from", networks ? networks->text() : "anywhere");
  }
  fields.flag("nologin", user.nologin.has_value(),
              user.nologin.value_or("").empty() ? "" : ": " + *user.nologin);
  fields.flag("app-passwords-only", user.app_passwords_only);
  fields.flag("shared", user.shared);
}

UsageTexts::UsageTexts(const std::string& state_directory) {
  try {
    uses_ = state::UsageFile::open_to_read(state_directory);
  } catch (const std::system_error& error) {
    std::cerr << "sodapop: when app passwords were used is not known: " << printable(error.what())
              << '\n';
    is_known_ = false;
  }
}

std::string UsageTexts::text(std::string_view name, const users::AppPassword& password) const {
  if (!is_known_)
    return "unknown";
  const auto when = uses_ ? uses_->when({name, password.label, password.salt}) : std::nullopt;
  return when ? base::utc(*when) : "never";
}

} // namespace admin
