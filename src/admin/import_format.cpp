// SPDX-License-Identifier: ISC
#include "admin/import_format.hpp"

#include "admin/account.hpp"
#include "admin/failure.hpp"
#include "admin/line_draft.hpp"
#include "admin/storage_options.hpp"
#include "admin/user_access.hpp"
#include "base/split.hpp"
#include "pop3/limits.hpp"
#include "users/authenticate.hpp"
#include "users/location.hpp"
#include "users/rights.hpp"

#include <algorithm>
#include <array>

namespace admin {

namespace {

/// The first fields of `text`; the last one is the rest of the text.
template <std::size_t Count> std::array<std::string_view, Count> split(std::string_view text) {
  std::array<std::string_view, Count> parts;
  for (auto& part : parts)
    part = &part == &parts.back() ? text : base::take_field(text, ':');
  return parts;
}

LineDraft from_dovecot(const config::Settings&, const Values&, std::string_view text) {
  return draft_of(text);
}

LineDraft from_htpasswd(const config::Settings&, const Values&, std::string_view text) {
  LineDraft draft;
  const auto parts = split<3>(text);
  draft.name = parts[0];
  draft.hash = parts[1];
  return draft;
}

/// `days` is the day of expiry, counted from 1970. The account is valid until the day before.
std::string expiry(std::string_view days) {
  constexpr std::int64_t seconds_a_day = 86400;
  constexpr std::int64_t behind_9999 = 2'932'897; // 10000-01-01: no date can be written for it
  if (days.empty())
    return "";
  const auto day = base::parse_number<std::int64_t>(days);
  if (!day || *day < 1)
    throw Failure("the day when the account expires is no number");
  return "sodapop_expires=" + users::last_day(std::min(*day, behind_9999) * seconds_a_day);
}

LineDraft from_shadow(const config::Settings& settings, const Values& given,
                      std::string_view text) {
  constexpr std::size_t day_of_expiry = 7; // before it: name, hash, ages of the password
  auto draft = from_htpasswd(settings, given, text);
  draft.extra = expiry(split<day_of_expiry + 2>(text)[day_of_expiry]);
  const auto account = users::is_valid_name(draft.name) ? find_account(draft.name) : std::nullopt;
  if (!account)
    throw Failure("the system has no account of that name");
  draft.uid = std::to_string(account->identity.uid);
  draft.gid = std::to_string(account->identity.gid);
  draft.home = account->home;
  return draft;
}

LineDraft from_plain(const config::Settings& settings, const Values& given, std::string_view text) {
  LineDraft draft;
  const auto [user, password] = split<2>(text);
  if (password.empty() || password.size() > pop3::max_password ||
      password.find('\0') != password.npos)
    throw Failure("the password is empty, too long or has a NUL in it");
  draft.name = user;
  const auto storage = storage_of(given, settings);
  if (given.flag("--dry-run") || !users::is_valid_name(user)) {
    draft.hash = passwords::decoy(storage.cost);
    return draft;
  }
  const auto stored = store(base::Secret(password), storage);
  draft.hash = stored.hash;
  if (stored.scram)
    draft.extra = "sodapop_scram=" + *stored.scram;
  return draft;
}

struct Format {
  std::string_view name;
  LineDraft (*read)(const config::Settings& settings, const Values& given, std::string_view text);
};

constexpr std::string_view plain = "plain";

constexpr Format formats[] = {{"dovecot", from_dovecot},
                              {"htpasswd", from_htpasswd},
                              {"shadow", from_shadow},
                              {plain, from_plain}};

void fill(LineDraft& draft, const Values& given) {
  // A uid of the line with the default gid, or the reverse, would belong to no account.
  if (draft.uid.empty() && draft.gid.empty() && given.number("--uid")) {
    draft.uid = std::to_string(given.number("--uid").value());
    draft.gid = std::to_string(given.number("--gid").value());
  }
  const auto default_home = given.text("--home");
  if (!draft.home.empty() || default_home.empty())
    return;
  const auto path = users::locate(default_home, draft.name, "", "");
  if (!path)
    throw Failure("--home: " + std::string(description(path.error())));
  draft.home = *path;
}

std::string name_of_format(const Values& given) {
  return given.has("--format") ? given.text("--format") : std::string(formats[0].name);
}

} // namespace

bool has_restrictions(const Values& given) {
  return name_of_format(given) == formats[0].name;
}

bool has_passwords(const Values& given) {
  return name_of_format(given) == plain;
}

std::string import_line(const config::Settings& settings, const Values& given,
                        std::string_view text) {
  if (text.find(':') == text.npos)
    throw Failure(description(users::line_problem::no_hash));
  const auto format = name_of_format(given);
  auto draft = std::ranges::find(formats, format, &Format::name)->read(settings, given, text);
  if (!users::is_valid_name(draft.name))
    throw Failure(description(users::line_problem::bad_name));
  fill(draft, given);
  auto line = text_of(draft);
  const auto user = users::parse_user(line);
  if (!user)
    throw Failure(description(user.error()));
  if (const auto obstacle = users::obstacle(user->hash, ceiling(settings)))
    throw Failure(obstacle == passwords::hash_problem::weak_scheme
                      ? "the password scheme is too weak; 'sodapop user add NAME' adds the user "
                        "with a new password"
                      : description(*obstacle));
  require_servable(settings, *user);
  return line;
}

} // namespace admin
