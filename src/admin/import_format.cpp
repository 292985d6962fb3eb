// SPDX-License-Identifier: ISC
#include "admin/import_format.hpp"

#include "admin/account.hpp"
#include "admin/failure.hpp"
#include "admin/user_access.hpp"
#include "base/number.hpp"
#include "base/utc.hpp"
#include "pop3/limits.hpp"
#include "users/authenticate.hpp"
#include "users/location.hpp"

#include <algorithm>
#include <array>

namespace admin {

namespace {

using users::User;

/// The fields of a line of the users file.
struct Draft {
  std::string name, hash, uid, gid, gecos, home, shell, extra;
};

/// Removes the field before the next colon, and the colon, from `text`. Returns the field.
std::string_view take(std::string_view& text) {
  const auto field = text.substr(0, text.find(':'));
  text.remove_prefix(std::min(field.size() + 1, text.size()));
  return field;
}

std::string text_of(const Draft& draft) {
  return draft.name + ':' + draft.hash + ':' + draft.uid + ':' + draft.gid + ':' + draft.gecos +
         ':' + draft.home + ':' + draft.shell + ':' + draft.extra;
}

Draft from_dovecot(std::string_view text) {
  Draft draft;
  for (auto* field :
       {&draft.name, &draft.hash, &draft.uid, &draft.gid, &draft.gecos, &draft.home, &draft.shell})
    *field = take(text);
  draft.extra = text;
  return draft;
}

Draft from_htpasswd(std::string_view text) {
  Draft draft;
  draft.name = take(text);
  draft.hash = take(text);
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
  return "sodapop_expires=" + base::last_day(std::min(*day, behind_9999) * seconds_a_day);
}

Draft from_shadow(std::string_view text) {
  Draft draft;
  draft.name = take(text);
  draft.hash = take(text);
  std::array<std::string_view, 6> ages; // of the password, then the day of expiry
  for (auto& field : ages)
    field = take(text);
  draft.extra = expiry(ages.back());
  const auto account = users::is_valid_name(draft.name) ? find_account(draft.name) : std::nullopt;
  if (!account)
    throw Failure("the system has no account of that name");
  draft.uid = std::to_string(account->identity.uid);
  draft.gid = std::to_string(account->identity.gid);
  draft.home = account->home;
  return draft;
}

Draft from_plain(const config::Settings& settings, const ImportDefaults& defaults,
                 std::string_view text) {
  Draft draft;
  draft.name = take(text);
  if (text.empty() || text.size() > pop3::max_password || text.find('\0') != text.npos)
    throw Failure("the password is empty, too long or has a NUL in it");
  const auto cost = defaults.cost.cost_within(ceiling(settings));
  if (defaults.is_dry_run || !users::is_valid_name(draft.name)) {
    draft.hash = passwords::decoy(cost);
    return draft;
  }
  const base::Secret password(text);
  draft.hash = passwords::make(password, cost);
  if (const auto scram = defaults.scram.value(password, draft.hash))
    draft.extra = "sodapop_scram=" + *scram;
  return draft;
}

Draft draft_of(ImportFormat format, const config::Settings& settings,
               const ImportDefaults& defaults, std::string_view text) {
  if (text.find(':') == text.npos)
    throw Failure(std::string(description(users::LineProblem::no_hash)));
  switch (format) {
  case ImportFormat::dovecot: return from_dovecot(text);
  case ImportFormat::htpasswd: return from_htpasswd(text);
  case ImportFormat::shadow: return from_shadow(text);
  case ImportFormat::plain: break;
  }
  return from_plain(settings, defaults, text);
}

void fill(Draft& draft, const ImportDefaults& defaults) {
  // A uid of the line with the default gid, or the reverse, would belong to no account.
  if (draft.uid.empty() && draft.gid.empty() && defaults.uid) {
    draft.uid = std::to_string(*defaults.uid);
    draft.gid = std::to_string(*defaults.gid);
  }
  if (!draft.home.empty() || defaults.home.empty())
    return;
  const auto home = users::locate(defaults.home, draft.name, "", "");
  if (!home)
    throw Failure("--home: " + std::string(description(home.error())));
  draft.home = *home;
}

void require_useful(const config::Settings& settings, const User& user) {
  if (const auto obstacle = users::obstacle(user.hash, ceiling(settings)))
    throw Failure(std::string(description(*obstacle)));
  require_servable(settings, user);
}

} // namespace

ImportedLine import_line(ImportFormat format, const config::Settings& settings,
                         const ImportDefaults& defaults, std::string_view text) {
  auto draft = draft_of(format, settings, defaults, text);
  if (!users::is_valid_name(draft.name))
    throw Failure(std::string(description(users::LineProblem::bad_name)));
  fill(draft, defaults);
  auto line = text_of(draft);
  const auto user = users::parse_user(line);
  if (!user)
    throw Failure(std::string(description(user.error())));
  require_useful(settings, *user);
  return {draft.name, std::move(line)};
}

} // namespace admin
