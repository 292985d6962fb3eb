// SPDX-License-Identifier: ISC
#include "login/access_check.hpp"

#include "base/system_error.hpp"
#include "base/time_of_day.hpp"
#include "state/private_file.hpp"
#include "users/location.hpp"
#include "users/login_name.hpp"

#include <system_error>
#include <unistd.h>

namespace login {

namespace {

using Kind = verifier::Verdict::Kind;
using users::AppPassword;
using users::User;

/// The maximum number of malformed lines of the users file that one attempt logs: an
/// unauthenticated client can make many attempts.
constexpr unsigned max_logged_lines = 20;

/// For the log, beside unknown-user.
constexpr auto other_case = "a user has this name in lower case: name-case = lower accepts both";

} // namespace

AccessCheck::AccessCheck(std::string_view said, const verifier::VerifierContext& context)
    : context_(context),
      verdicts_(context.log, context.settings, users::login_name(said, context.settings)),
      users_(users::UserStore::open(context.settings.users)), started_as_{geteuid(), getegid()},
      own_site_key_(context.settings.state_directory) {
  warn_of_outdated_form();
}

bool AccessCheck::refresh() {
  if (users_ && users_->is_current(settings().users))
    return false;
  users_ = users::UserStore::open(settings().users);
  warn_of_outdated_form();
  return true;
}

void AccessCheck::warn_of_outdated_form() const {
  if (users_ && users_->is_outdated())
    context_.log.write(base::Event("users-compiled", base::Level::warning)
                           .with_quoted("problem", description(users::compiled_problem::outdated)));
}

void AccessCheck::set_name(std::string_view said) {
  verdicts_.set_name(users::login_name(said, settings()));
}

std::optional<verifier::Verdict> AccessCheck::obstacle() const {
  if (users_)
    return {};
  const auto& problem = users_.error();
  return verdicts_.unavailable(problem.is_compiled ? Kind::temporary : Kind::permanent,
                               problem.reason, problem.sentence);
}

std::optional<User> AccessCheck::find() const {
  auto user = users().find(possible_name(), log_bad_lines());
  note(user);
  return user;
}

users::WithScram AccessCheck::find_with_scram() const {
  auto found = users().find_with_scram(possible_name(), log_bad_lines());
  note(found.user);
  return found;
}

users::Target AccessCheck::find_target(const passwords::Cost& ceiling) const {
  auto target = users::find_target(users(), possible_name(), ceiling, log_bad_lines());
  note(target.user);
  return target;
}

/// Looks for the name in lower case whether there is a user or not: the time must not tell which.
void AccessCheck::note(const std::optional<User>& user) const {
  if (user)
    verdicts_.know_user();
  const bool is_lower_known = is_user_in_lower_case();
  is_other_case_ = !user && is_lower_known;
}

/// False, without a look-up, for a name without capitals.
bool AccessCheck::is_user_in_lower_case() const {
  const auto lower = users::in_lower_case(name());
  return lower != name() && users::is_valid_name(lower) && users().find(lower, {});
}

/// The name, if a user can have it; else an empty one, for which the file is read all the same.
std::string_view AccessCheck::possible_name() const {
  const bool can_be = users::is_valid_name(name()) && !lacks_domain();
  return can_be ? std::string_view(name()) : "";
}

bool AccessCheck::lacks_domain() const {
  return users::lacks_domain(name(), settings());
}

bool AccessCheck::is_also(std::string_view said) const {
  return said.empty() || users::login_name(said, settings()) == name();
}

verifier::Verdict AccessCheck::refuse_unknown() const {
  if (lacks_domain())
    return verdicts_.refused("no-domain");
  return verdicts_.refused("unknown-user", "", is_other_case_ ? other_case : "");
}

users::OnBadLine AccessCheck::log_bad_lines() const {
  return [this](std::uint64_t number, base::Problem problem) {
    if (++bad_lines_ > max_logged_lines)
      return;
    context_.log.write(base::Event("users-file", base::Level::warning)
                           .with("line", number)
                           .with_quoted("problem", description(problem)));
  };
}

const base::Result<base::Secret, std::string_view>& AccessCheck::site_key() const {
  return (context_.site_key != nullptr ? *context_.site_key : own_site_key_).get();
}

/// Empty when the site's key cannot be used: no login fails for that.
std::string_view AccessCheck::octets_of_site_key() const {
  try {
    const auto& key = site_key();
    return key ? key->reveal() : "";
  } catch (const std::system_error&) {
    return "";
  }
}

/// Without the site's key, a hash that no password fits gives no secret. The key is random then, so
/// that no index is believed, those of later sessions included.
passwords::IndexKey AccessCheck::index_key(const User& user) const {
  const auto site_key = octets_of_site_key();
  if (!site_key.empty() || !users::is_disabled(user.hash))
    return passwords::index_key(site_key, user.name, user.hash);
  passwords::IndexKey random;
  base::check(::getentropy(random.data(), random.size()), "getrandom");
  return random;
}

/// Gives a hint where the site wants it and only after the right password. A client from a foreign
/// network may have stolen the password and gets no hint, so the network is checked first.
std::optional<verifier::Verdict> AccessCheck::check_rights(const User& user,
                                                           const AppPassword* app_password) const {
  const auto now = base::seconds_since_1970();
  const auto of_user = users::problem(user.rights, context_.client.address, now);
  const auto of_password = app_password != nullptr
                               ? users::problem(app_password->rights, context_.client.address, now)
                               : std::nullopt;
  if (of_user == users::rights_problem::network || of_password == users::rights_problem::network)
    return verdicts_.refused("network");
  if (user.nologin)
    return verdicts_.refused("nologin", *user.nologin);
  if (!user.pop3)
    return verdicts_.refused("pop3-off", "POP3 is switched off for this account");
  if (of_user)
    return verdicts_.refused("expired", "this account has expired");
  if (of_password)
    return verdicts_.refused("app-password-expired", "this app password has expired");
  return {};
}

verifier::Verdict AccessCheck::admit_by_password(const User& user) const {
  if (const auto refused = check_rights(user, nullptr))
    return *refused;
  if (user.app_passwords_only)
    return verdicts_.refused("app-password-needed", "this account needs an app password");
  return assign(user, nullptr);
}

verifier::Verdict AccessCheck::admit(const User& user, const AppPassword* app_password) const {
  if (const auto refused = check_rights(user, app_password))
    return *refused;
  return assign(user, app_password);
}

verifier::Verdict AccessCheck::admit_without_password() const {
  const auto user = find();
  if (!user)
    return refuse_unknown();
  if (user->hash.empty() || users::is_locked(user->hash))
    return verdicts_.refused("disabled");
  return admit(*user);
}

/// Determines uid, gid and Maildir of a user who may log in.
verifier::Verdict AccessCheck::assign(const User& user, const AppPassword* app_password) const {
  if (started_as_.uid == 0 && (!user.uid || !user.gid))
    return verdicts_.unavailable(Kind::permanent, "user-without-uid-or-gid");
  const auto path = users::locate(settings().maildir, user.name, user.home, user.mail);
  if (!path && path.error() == users::location_problem::too_long)
    return verdicts_.unavailable(Kind::permanent, "maildir-path-too-long");
  if (!path)
    return verdicts_.unavailable(Kind::permanent, "no-maildir-path", description(path.error()));
  auto verdict = granted(user, *path);
  if (app_password != nullptr) {
    verdict.label = app_password->label;
    verdict.is_read_only |= app_password->rights.read_only;
  }
  if (started_as_.uid == 0 && users().readable_by(verdict.uid, verdict.gid))
    return verdicts_.unavailable(Kind::permanent, "users-file-readable-by-user");
  if (const auto reason = obstacle_to(verdict, settings(), started_as_.uid); !reason.empty())
    return verdicts_.unavailable(Kind::permanent, reason);
  return verdict;
}

verifier::Verdict AccessCheck::granted(const User& user, std::string_view maildir) const {
  verifier::Verdict granted{Kind::granted};
  granted.uid = user.uid.value_or(started_as_.uid);
  granted.gid = user.gid.value_or(started_as_.gid);
  granted.is_read_only = user.rights.read_only;
  granted.index_key = index_key(user);
  granted.maildir = maildir;
  granted.name = user.name;
  return granted;
}

} // namespace login
