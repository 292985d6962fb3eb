// SPDX-License-Identifier: ISC
#include "users/extra_fields.hpp"

#include "base/split.hpp"

#include <algorithm>
#include <set>

namespace users {

namespace {

bool read_mail(ExtraFields& fields, std::string_view value) {
  if (!base::take_prefix(value, "maildir:"))
    return false;
  const auto colon = value.find(':');
  // To Dovecot, `::` is a colon in the path. Cutting the path there would name another directory.
  const bool doubled = colon != value.npos && value.substr(colon).starts_with("::");
  fields.mail = value.substr(0, colon);
  return !doubled && !fields.mail.empty();
}

bool read_nologin(ExtraFields& fields, std::string_view value) {
  const bool is_reason = value != "y" && value != "yes";
  fields.nologin = is_reason ? value : "";
  return true;
}

/// To Dovecot, `fail` is true with any value.
bool read_fail(ExtraFields& fields, std::string_view) {
  fields.nologin = fields.nologin.value_or("");
  return true;
}

/// Refuses a second list: the two could only hold together.
bool read_networks(Rights& rights, std::string_view value) {
  const bool is_second = rights.networks.has_value();
  rights.networks = base::Networks::parse(value);
  return rights.networks && !is_second;
}

bool read_date(Rights& rights, std::string_view value) {
  rights.expires = end_of_day(value);
  return rights.expires.has_value();
}

bool read_switch(bool& target, std::string_view value) {
  target = value == "yes";
  return target || value == "no";
}

bool read_scram(ExtraFields& fields, std::string_view value) {
  fields.scram = value;
  return !value.empty();
}

bool read_app_right(Rights& rights, std::string_view key, std::string_view value) {
  if (key == "expires")
    return read_date(rights, value);
  if (key == "from")
    return read_networks(rights, value);
  rights.read_only = true;
  return key == "read-only" && value.empty();
}

bool read_app_password(ExtraFields& fields, std::string_view value) {
  auto& all = fields.app_passwords;
  AppPassword one;
  one.label = base::take_field(value, ';');
  one.salt = base::take_field(value, ';');
  one.digest = base::take_field(value, ';');
  bool is_good = is_valid_label(one.label) && !one.salt.empty() && !one.digest.empty() &&
                 all.size() < max_app_passwords &&
                 std::ranges::find(all, one.label, &AppPassword::label) == all.end();
  for (std::set<std::string_view> given; is_good && !value.empty();) {
    auto right = base::take_field(value, ';');
    const auto key = base::take_field(right, '=');
    is_good = given.insert(key).second && read_app_right(one.rights, key, right);
  }
  all.push_back(std::move(one));
  return is_good;
}

/// A word that has a meaning here.
struct Word {
  std::string_view key;
  bool may_be_repeated;
  base::Problem problem; ///< Of a value that `read` refuses, and of a repeated word.
  bool (*read)(ExtraFields& fields, std::string_view value);
};

using Text = std::string_view;
using namespace line_problem;

constexpr Word words[] = {
    {"userdb_mail", false, bad_mail, read_mail},
    {"sodapop_shared", false, bad_shared,
     [](ExtraFields& fields, Text value) { return read_switch(fields.shared, value); }},
    {"nologin", true, bad_rights, read_nologin},
    {"fail", true, bad_rights, read_fail},
    {"allow_nets", false, bad_rights,
     [](ExtraFields& fields, Text value) { return read_networks(fields.rights, value); }},
    {"allow_real_nets", false, bad_rights,
     [](ExtraFields& fields, Text value) { return read_networks(fields.rights, value); }},
    {"sodapop_expires", false, bad_rights,
     [](ExtraFields& fields, Text value) { return read_date(fields.rights, value); }},
    {"sodapop_pop3", false, bad_rights,
     [](ExtraFields& fields, Text value) { return read_switch(fields.pop3, value); }},
    {"sodapop_read_only", false, bad_rights,
     [](ExtraFields& fields, Text value) { return read_switch(fields.rights.read_only, value); }},
    {"sodapop_app_passwords_only", false, bad_rights,
     [](ExtraFields& fields, Text value) { return read_switch(fields.app_passwords_only, value); }},
    {"sodapop_scram", false, bad_scram, read_scram},
    {"sodapop_app", true, bad_app_password, read_app_password},
};

const Word* word_of(Text key) {
  const auto* word = std::ranges::find(words, key, &Word::key);
  return word != std::end(words) ? word : nullptr;
}

/// The other words of Dovecot that keep a user out, of those that its manual lists as extra fields
/// of a password database. Dovecot also obeys each word with a suffix, such as `nologin:protected`.
bool is_unknown_restriction(Text key) {
  const auto name = key.substr(0, key.find(':'));
  return name == "noauthenticate" || name == "delay_until" ||
         (name != key && word_of(name) != nullptr);
}

} // namespace

base::Result<ExtraFields, base::Problem> parse_extra_fields(std::string_view extra) {
  ExtraFields fields;
  std::string_view reason;
  std::set<std::string_view> given;
  while (!extra.empty()) {
    auto value = base::take_field(extra, " \t");
    const auto key = base::take_field(value, '=');
    const auto* word = word_of(key);
    if (word == nullptr && key.starts_with("sodapop_"))
      return base::Refused{unknown_key};
    if (is_unknown_restriction(key))
      return base::Refused{unknown_restriction};
    if (key == "reason")
      reason = value;
    if (word == nullptr)
      continue;
    if ((!given.insert(key).second && !word->may_be_repeated) || !word->read(fields, value))
      return base::Refused{word->problem};
  }
  if (fields.nologin && fields.nologin->empty())
    fields.nologin = reason;
  return fields;
}

bool is_name_octet(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view(".-_@+").find(c) != std::string_view::npos;
}

bool is_valid_label(std::string_view label) {
  return !label.empty() && label.size() <= max_label && std::ranges::all_of(label, is_name_octet);
}

} // namespace users
