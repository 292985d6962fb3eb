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
using Words = std::vector<std::string>;

/// A line of the users file whose mistakes are looked for.
struct CheckedLine {
  const CheckContext& context;
  const User& user;
  FindingsAt at;

  /// The command of `words` for the user, whose name stands behind them.
  Remedy command(Words words) const {
    if (user.name.starts_with('-'))
      words.emplace_back("--");
    words.push_back(user.name);
    return tool_command(context, words);
  }

  /// The remedy for what is wrong with a hash or a verifier. A lock stays, and so does a ceiling
  /// below the cost of a new hash.
  Remedy new_password(const Words& options = {}) const {
    if (users::is_locked(user.hash))
      return "give the user a new password when the lock is taken away";
    if (!within(passwords::owasp_cost, ceiling(context.settings)))
      return "raise hash-memory-limit and hash-operations-limit to the cost of a new hash, then "
             "give the user a new password";
    Words words{"user", "password"};
    words.insert(words.end(), options.begin(), options.end());
    return command(words);
  }
};

/// Finds a name that no client can log in with.
void check_name(const CheckedLine& line) {
  const auto& settings = line.context.settings;
  const auto reached = users::login_name(line.user.name, settings);
  const bool lacks_domain = users::lacks_domain(line.user.name, settings);
  if (reached != line.user.name || lacks_domain)
    line.at.error("user-name-unreachable",
                  "because of name-case, default-domain or require-domain no login can have this "
                  "name",
                  lacks_domain ? "give the name in the line its domain, as in " + line.user.name +
                                     "@example.org"
                               : "write the name in the line as " + reached);
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

void check_hash(const CheckedLine& line) {
  using namespace users::login_problem;
  const auto& [context, user, at] = line;
  const auto obstacle = users::obstacle(user.hash, ceiling(context.settings));
  if (!obstacle && passwords::is_outdated(user.hash))
    at.warning("user-hash-outdated", "the hash is no Argon2id, or costs less than OWASP advises",
               line.new_password());
  const bool is_locked = users::is_locked(user.hash);
  if (!obstacle || (obstacle == disabled && !is_locked && !user.app_passwords.empty()))
    return;
  const auto what = std::string(description(*obstacle)) + ways_left(context.settings, user);
  if (obstacle == disabled)
    at.warning("user-disabled", what,
               "if the user is to log in, run " +
                   line.command(is_locked ? Words{"user", "password", "--unlock"}
                                          : Words{"user", "password"})
                       .text +
                   "; if not, leave it so or remove the user");
  else if (obstacle == hash_too_costly)
    at.error("user-hash-too-costly", what, line.new_password());
  else
    at.error(obstacle == unknown_scheme ? "user-hash-unknown"
             : obstacle == weak_scheme  ? "user-hash-weak"
                                        : "user-hash-malformed",
             what, line.new_password());
}

void check_scram(const CheckedLine& line) {
  const auto& [context, user, at] = line;
  const auto& settings = context.settings;
  const auto state = users::scram_state(user);
  if (!user.scram.empty() && state == users::ScramState::malformed)
    at.error("user-scram-malformed", "sodapop_scram is no verifier with a tag",
             line.new_password());
  if (state == users::ScramState::stale)
    at.warning("user-scram-stale", "sodapop_scram was made for another password and is not used",
               line.new_password());
  if (!user.scram.empty() && (!settings.can_offer_scram() || user.app_passwords_only))
    at.warning("user-scram-unused",
               "sodapop_scram is used by no connection, but lets a thief of the file guess faster",
               line.new_password({"--no-scram"}));
  // With scram = always, clients that prefer SCRAM do not fall back to another mechanism.
  if (settings.scram == Settings::Scram::always && !user.app_passwords_only &&
      !users::is_disabled(user.hash) && !users::verifier_of(user))
    at.warning("user-scram-missing", "scram = always, but the user has no usable verifier",
               line.new_password());
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

void check_rights(const CheckedLine& line) {
  const auto& [context, user, at] = line;
  const auto now = base::seconds_since_1970();
  if (user.rights.expires && *user.rights.expires <= now)
    at.warning("user-expired", "the user expired at " + base::utc(*user.rights.expires),
               "if the user is to log in, run " +
                   line.command({"user", "rights", "--expires", "never"}).text +
                   "; if not, remove the user");
  for (const auto& one : user.app_passwords)
    if (one.rights.expires && *one.rights.expires <= now)
      at.warning("app-password-expired",
                 "the app password " + one.label + " expired at " + base::utc(*one.rights.expires),
                 tool_command(context, {"app-password", "revoke", user.name, one.label}));
  if (user.app_passwords_only && user.app_passwords.empty())
    at.warning("app-passwords-none", "the user may log in with app passwords only, and has none",
               "let " + user.name + " have an app password, by sodapop app-password add");
}

} // namespace

void check_user(const CheckContext& context, const User& user, Findings& findings) {
  const CheckedLine line{context, user, {context.settings.users + ": " + user.name, findings}};
  check_name(line);
  check_hash(line);
  check_scram(line);
  check_identity(context.settings, user, line.at);
  check_rights(line);
}

} // namespace admin
