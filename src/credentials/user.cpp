// SPDX-License-Identifier: ISC
#include "credentials/user.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace credentials {

namespace {

constexpr std::string_view blanks = " \t";

struct Fields {
  enum Index : std::size_t { name, hash, uid, gid, gecos, home, shell, extra, count };

  std::array<std::string_view, count> at;
  std::size_t given = 0;
};

Fields split(std::string_view line) {
  Fields fields;
  while (fields.given < Fields::extra) {
    const auto colon = line.find(':');
    fields.at[fields.given++] = line.substr(0, colon);
    if (colon == std::string_view::npos)
      return fields;
    line.remove_prefix(colon + 1);
  }
  fields.at[fields.given++] = line;
  return fields;
}

bool has_control(std::string_view text, bool tabs_allowed) {
  return std::ranges::any_of(text, [tabs_allowed](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x7f || (byte < 0x20 && !(tabs_allowed && c == '\t'));
  });
}

bool has_control(const Fields& fields) {
  for (std::size_t i = 0; i < fields.given; ++i)
    if (has_control(fields.at[i], i == Fields::extra))
      return true;
  return false;
}

/// The all-ones number is the system calls' "leave it as it is", never an identity.
std::optional<std::uint32_t> parse_id(std::string_view text) {
  std::uint32_t id = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, id);
  if (error != std::errc() || stop != end || id == UINT32_MAX)
    return {};
  return id;
}

bool is_bad_id(std::string_view text) {
  return !text.empty() && !parse_id(text);
}

struct Mail {
  std::string_view path;
  bool bad = false;
};

Mail parse_mail_value(std::string_view value) {
  constexpr std::string_view type = "maildir:";
  if (!value.starts_with(type))
    return {{}, true};
  value.remove_prefix(type.size());
  const auto colon = value.find(':');
  // Dovecot's `::` stands for a colon in the path. Cutting there would name some other directory.
  const bool doubled = colon != std::string_view::npos && value.substr(colon).starts_with("::");
  return {value.substr(0, colon), doubled || colon == 0 || value.empty()};
}

Mail find_mail(std::string_view extra) {
  constexpr std::string_view key = "userdb_mail=";
  Mail mail;
  bool seen = false;
  while (!extra.empty()) {
    const auto blank = std::min(extra.find_first_of(blanks), extra.size());
    const auto word = extra.substr(0, blank);
    extra.remove_prefix(std::min(blank + 1, extra.size()));
    if (!word.starts_with(key))
      continue;
    if (seen)
      return {{}, true};
    seen = true;
    mail = parse_mail_value(word.substr(key.size()));
  }
  return mail;
}

/// Whether one of the words is `nologin` or `allow_nets`, with or without a value.
bool is_restricted(std::string_view extra) {
  while (!extra.empty()) {
    const auto word = extra.substr(0, extra.find_first_of(blanks));
    extra.remove_prefix(std::min(word.size() + 1, extra.size()));
    const auto key = word.substr(0, word.find('='));
    if (key == "nologin" || key == "allow_nets")
      return true;
  }
  return false;
}

std::optional<LineProblem> problem_in(std::string_view line, const Fields& fields,
                                      const Mail& mail) {
  if (line.size() > max_line)
    return LineProblem::too_long;
  if (has_control(fields))
    return LineProblem::control_character;
  if (fields.given <= Fields::hash)
    return LineProblem::no_hash;
  if (!is_valid_name(fields.at[Fields::name]))
    return LineProblem::bad_name;
  if (is_bad_id(fields.at[Fields::uid]))
    return LineProblem::bad_uid;
  if (is_bad_id(fields.at[Fields::gid]))
    return LineProblem::bad_gid;
  if (const auto home = fields.at[Fields::home]; !home.empty() && !home.starts_with('/'))
    return LineProblem::relative_home;
  if (mail.bad)
    return LineProblem::bad_mail;
  if (is_restricted(fields.at[Fields::extra]))
    return LineProblem::restricted;
  return {};
}

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view(".-_@+").find(c) != std::string_view::npos;
}

bool can_be_directory(std::string_view part) {
  return !part.empty() && !part.starts_with('.');
}

} // namespace

std::string_view sentence(LineProblem problem) {
  switch (problem) {
  case LineProblem::too_long: return "the line is longer than 8192 octets";
  case LineProblem::control_character: return "the line has a control character in it";
  case LineProblem::no_hash: return "the line has no colon, so there is no password hash";
  case LineProblem::bad_name:
    return "the user name is empty, too long, or has characters that are not allowed";
  case LineProblem::bad_uid: return "the uid is not a number from 0 to 4294967294";
  case LineProblem::bad_gid: return "the gid is not a number from 0 to 4294967294";
  case LineProblem::relative_home: return "the home is not an absolute path";
  case LineProblem::bad_mail: return "userdb_mail is not one maildir:PATH";
  case LineProblem::restricted:
    return "nologin and allow_nets cannot be honoured yet, so nobody logs in by this line";
  }
  return "unknown problem";
}

bool is_valid_name(std::string_view name) {
  if (name.size() > max_name || !std::ranges::all_of(name, is_name_byte))
    return false;
  const auto at = name.find('@');
  if (!can_be_directory(name.substr(0, at)))
    return false;
  if (at == std::string_view::npos)
    return true;
  const auto domain = name.substr(at + 1);
  return can_be_directory(domain) && domain.find('@') == std::string_view::npos;
}

bool is_comment(std::string_view line) {
  const auto first = line.find_first_not_of(blanks);
  return first == std::string_view::npos || line[first] == '#';
}

std::optional<LineProblem> problem_in(std::string_view line) {
  const auto fields = split(line);
  return problem_in(line, fields, find_mail(fields.at[Fields::extra]));
}

base::Result<User, LineProblem> parse_user(std::string_view line) {
  const auto fields = split(line);
  const auto mail = find_mail(fields.at[Fields::extra]);
  if (const auto problem = problem_in(line, fields, mail))
    return base::Refused{*problem};
  const auto& at = fields.at;
  return User{.name = std::string(at[Fields::name]),
              .hash = std::string(at[Fields::hash]),
              .uid = parse_id(at[Fields::uid]),
              .gid = parse_id(at[Fields::gid]),
              .home = std::string(at[Fields::home]),
              .mail = std::string(mail.path)};
}

} // namespace credentials
