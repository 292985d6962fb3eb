// SPDX-License-Identifier: ISC
#include "admin/check/check.hpp"
#include "admin/rights_text.hpp"
#include "admin/user_access.hpp"
#include "base/time_of_day.hpp"
#include "base/utc.hpp"
#include "users/authenticate.hpp"
#include "users/login_name.hpp"
#include "users/scram_entry.hpp"

#include <unistd.h>

namespace admin {

namespace {

using config::Settings;
using users::User;

/// The remedy for what is wrong with a hash or a verifier.
std::string new_password(const User& user) {
  return "sodapop user password " + user.name;
}

/// Finds a name that no client can log in with.
void check_name(const Settings& settings, const User& user, const FindingsAt& at) {
  if (users::login_name(user.name, settings) != user.name ||
      users::lacks_domain(user.name, settings))
    at.error("user-name-unreachable",
             "because of name-case, default-domain or require-domain no login can have this name",
             "write the name as these settings require");
}

/// The ways in that a hash which accepts no password leaves open, such as `; still open: tokens`.
std::string ways_left(const Settings& settings, const User& user) {
  if (users::is_locked(user.hash))
    return "";
  const bool has_field = !user.hash.empty();
  const bool by_certificate = has_field && settings.external != Settings::External::off;
  const auto ways = listed({user.app_passwords.empty() ? "" : "app passwords",
                            by_certificate ? "certificates" : "",
                            has_field && !settings.oauth_keys.empty() ? "tokens" : ""});
  return ways.empty() ? "" : "; still open: " + ways;
}

void check_hash(const Settings& settings, const User& user, const FindingsAt& at) {
  using namespace users::login_problem;
  const auto obstacle = users::obstacle(user.hash, ceiling(settings));
  if (!obstacle && passwords::is_outdated(user.hash))
    at.warning("user-hash-outdated", "the hash is no Argon2id, or costs less than OWASP advises",
               new_password(user));
  const bool is_meant = !users::is_locked(user.hash) && !user.app_passwords.empty();
  if (!obstacle || (obstacle == disabled && is_meant))
    return;
  const auto what = std::string(description(*obstacle)) + ways_left(settings, user);
  if (obstacle == disabled)
    at.warning("user-disabled", what, new_password(user) + ", or sodapop user remove");
  else if (obstacle == hash_too_costly)
    at.error("user-hash-too-costly", what,
             new_password(user) + ", or raise hash-memory-limit and hash-operations-limit");
  else
    at.error(obstacle == unknown_scheme ? "user-hash-unknown"
             : obstacle == weak_scheme  ? "user-hash-weak"
                                        : "user-hash-malformed",
             what, new_password(user));
}

/// The value is `{SCRAM-SHA-256}...;TAG`. The server does not use a verifier of another password.
void check_scram(const Settings& settings, const User& user, const FindingsAt& at) {
  const auto semicolon = user.scram.rfind(';');
  if (!user.scram.empty() &&
      (semicolon == user.scram.npos || !passwords::parse_scram(user.scram.substr(0, semicolon))))
    at.error("user-scram-malformed", "sodapop_scram is no verifier with a tag", new_password(user));
  else if (!user.scram.empty() &&
           user.scram.substr(semicolon + 1) != passwords::scram_tag(user.hash))
    at.warning("user-scram-stale", "sodapop_scram was made for another password and is not used",
               new_password(user));
  if (!user.scram.empty() && (!settings.can_offer_scram() || user.app_passwords_only))
    at.warning("user-scram-unused",
               "sodapop_scram is used by no connection, but lets a thief of the file guess faster",
               new_password(user) + " --no-scram, or the setting scram");
  // With scram = always, clients that prefer SCRAM do not fall back to another mechanism.
  if (settings.scram == Settings::Scram::always && !user.app_passwords_only &&
      !users::is_disabled(user.hash) && !users::verifier_of(user))
    at.warning("user-scram-missing", "scram = always, but the user has no usable verifier",
               new_password(user));
}

void check_as_root(const Settings& settings, const User& user, const FindingsAt& at) {
  if (!user.uid || !user.gid)
    at.error("user-without-identity", "a server started as root needs a uid and a gid",
             "put both into the line");
  else if (*user.uid != 0 && *user.uid < settings.minimum_uid)
    at.error("user-uid-below-minimum",
             "uid " + std::to_string(*user.uid) + " is below minimum-uid, which is " +
                 std::to_string(settings.minimum_uid),
             "lower minimum-uid, or give the mailbox to another account");
  if (user.gid.value_or(0) != 0 && *user.gid < settings.minimum_gid)
    at.error("user-gid-below-minimum",
             "gid " + std::to_string(*user.gid) + " is below minimum-gid, which is " +
                 std::to_string(settings.minimum_gid),
             "lower minimum-gid, or give the line another gid");
}

void check_as_owner(const User& user, const FindingsAt& at) {
  if (user.uid && *user.uid != 0 && *user.uid != ::geteuid())
    at.error("user-uid-foreign",
             "uid " + std::to_string(*user.uid) + " is not that of this account, " +
                 std::to_string(::geteuid()) + ", and only root could become it",
             "empty the field, or start the server as root");
}

void check_identity(const Settings& settings, const User& user, const FindingsAt& at) {
  if (user.uid == 0u)
    at.error("user-uid-root", "uid 0 is never served", "give the mailbox to an account of its own");
  if (user.gid == 0u)
    at.error("user-gid-root", "gid 0 is never served", "give the line another gid");
  ::geteuid() == 0 ? check_as_root(settings, user, at) : check_as_owner(user, at);
}

void check_rights(const User& user, const FindingsAt& at) {
  const auto now = base::seconds_since_1970();
  if (user.rights.expires && *user.rights.expires <= now)
    at.warning("user-expired", "the user expired at " + base::utc(*user.rights.expires),
               "remove the user, or sodapop_expires");
  for (const auto& one : user.app_passwords)
    if (one.rights.expires && *one.rights.expires <= now)
      at.warning("app-password-expired",
                 "the app password " + one.label + " expired at " + base::utc(*one.rights.expires),
                 "sodapop app-password revoke " + user.name + " " + one.label);
  if (user.app_passwords_only && user.app_passwords.empty())
    at.warning("app-passwords-none", "the user may log in with app passwords only, and has none",
               "sodapop app-password add " + user.name + " LABEL");
}

} // namespace

void check_user(const CheckContext& context, const User& user, Findings& findings) {
  const auto& settings = context.settings;
  const FindingsAt at(settings.users + ": " + user.name, findings);
  check_name(settings, user, at);
  check_hash(settings, user, at);
  check_scram(settings, user, at);
  check_identity(settings, user, at);
  check_rights(user, at);
}

} // namespace admin
