// SPDX-License-Identifier: ISC
#include "users/extra_fields.hpp"

#include "base/utc.hpp"

#include <algorithm>
#include <span>

namespace users {

namespace {

using Problem = std::optional<LineProblem>;

/// The part of `text` before the first of `ends`. Removes that part and the separator from `text`.
std::string_view take(std::string_view& text, std::string_view ends) {
  const auto word = text.substr(0, text.find_first_of(ends));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
}

/// The fields so far, and which keys were given already.
struct Reading {
  ExtraFields fields;
  std::string reason;
  bool has_pop3 = false, has_read_only = false, has_app_passwords_only = false;
};

Problem read_mail(Reading& reading, std::string_view value) {
  constexpr std::string_view type = "maildir:";
  if (!reading.fields.mail.empty() || !value.starts_with(type))
    return LineProblem::bad_mail;
  value.remove_prefix(type.size());
  const auto colon = value.find(':');
  // To Dovecot, `::` is a colon in the path. Cutting the path there would name another directory.
  const bool doubled = colon != value.npos && value.substr(colon).starts_with("::");
  if (doubled || colon == 0 || value.empty())
    return LineProblem::bad_mail;
  reading.fields.mail = value.substr(0, colon);
  return {};
}

bool read_networks(Rights& rights, std::string_view value) {
  if (rights.networks)
    return false;
  rights.networks = base::Networks::parse(value);
  return rights.networks.has_value();
}

bool read_date(Rights& rights, std::string_view value) {
  if (rights.expires)
    return false;
  rights.expires = base::end_of_day(value);
  return rights.expires.has_value();
}

/// Accepts `yes` or `no`, and the key only once.
Problem read_switch(bool& target, bool& is_given, std::string_view value) {
  if (is_given || (value != "yes" && value != "no"))
    return LineProblem::bad_rights;
  is_given = true;
  target = value == "yes";
  return {};
}

/// Reads a word after the digest, which is a right.
bool read_app_right(Rights& rights, std::string_view word) {
  const auto key = take(word, "=");
  if (key == "expires")
    return read_date(rights, word);
  if (key == "from")
    return read_networks(rights, word);
  const bool is_first = !rights.read_only;
  rights.read_only = true;
  return key == "read-only" && is_first && word.empty();
}

Problem read_app_password(Reading& reading, std::string_view value) {
  auto& all = reading.fields.app_passwords;
  AppPassword one;
  one.label = take(value, ";");
  one.salt = take(value, ";");
  one.digest = take(value, ";");
  bool is_good = is_valid_label(one.label) && !one.salt.empty() && !one.digest.empty() &&
                 all.size() < max_app_passwords &&
                 std::ranges::find(all, one.label, &AppPassword::label) == all.end();
  while (is_good && !value.empty())
    is_good = read_app_right(one.rights, take(value, ";"));
  if (!is_good)
    return LineProblem::bad_app_password;
  all.push_back(std::move(one));
  return {};
}

Problem read_scram(Reading& reading, std::string_view value) {
  if (!reading.fields.scram.empty() || value.empty())
    return LineProblem::bad_scram;
  reading.fields.scram = value;
  return {};
}

Problem read_nologin(Reading& reading, std::string_view value) {
  const bool is_reason = value != "y" && value != "yes";
  reading.fields.nologin = is_reason ? value : "";
  return {};
}

Problem read_word(Reading& reading, std::string_view key, std::string_view value) {
  auto& fields = reading.fields;
  if (key == "userdb_mail")
    return read_mail(reading, value);
  if (key == "nologin")
    return read_nologin(reading, value);
  if (key == "reason")
    reading.reason = value;
  if (key == "allow_nets")
    return read_networks(fields.rights, value) ? Problem() : LineProblem::bad_rights;
  if (!key.starts_with("sodapop_"))
    return {};
  if (key == "sodapop_expires")
    return read_date(fields.rights, value) ? Problem() : LineProblem::bad_rights;
  if (key == "sodapop_pop3")
    return read_switch(fields.pop3, reading.has_pop3, value);
  if (key == "sodapop_read_only")
    return read_switch(fields.rights.read_only, reading.has_read_only, value);
  if (key == "sodapop_app_passwords_only")
    return read_switch(fields.app_passwords_only, reading.has_app_passwords_only, value);
  if (key == "sodapop_scram")
    return read_scram(reading, value);
  return key == "sodapop_app" ? read_app_password(reading, value) : LineProblem::unknown_key;
}

bool is_label_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view(".-_@+").find(c) != std::string_view::npos;
}

} // namespace

base::Result<ExtraFields, LineProblem> parse_extra_fields(std::string_view extra) {
  Reading reading;
  while (!extra.empty()) {
    auto value = take(extra, " \t");
    const auto key = take(value, "=");
    if (const auto problem = read_word(reading, key, value))
      return base::Refused{*problem};
  }
  if (reading.fields.nologin && reading.fields.nologin->empty())
    reading.fields.nologin = reading.reason;
  return std::move(reading.fields);
}

bool is_valid_label(std::string_view label) {
  return !label.empty() && label.size() <= max_label && std::ranges::all_of(label, is_label_byte);
}

} // namespace users
