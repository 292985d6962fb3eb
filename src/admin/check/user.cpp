// SPDX-License-Identifier: ISC
#include "admin/check/check.hpp"
#include "admin/user_access.hpp"
#include "base/utc.hpp"
#include "users/authenticate.hpp"
#include "users/login_name.hpp"
#include "users/scram_entry.hpp"

#include <ctime>
#include <unistd.h>

namespace admin {

namespace {

using users::Refusal;
using users::User;

/// Checks one user's line by itself.
class Line {
 public:
  Line(const CheckContext& context, const User& user, Findings& findings)
      : settings_(context.settings), user_(user), findings_(findings),
        where_(settings_.users + ": " + user.name) {}

  void check_hash() {
    const auto obstacle = users::obstacle(user_.hash, ceiling(settings_));
    if (!obstacle)
      return check_cost();
    const auto what = std::string(description(*obstacle));
    const auto remedy = "sodapop user password " + user_.name;
    switch (*obstacle) {
    case Refusal::disabled:
      if (user_.app_passwords.empty())
        findings_.warning({"user-disabled", where_, what, remedy + ", or sodapop user remove"});
      return;
    case Refusal::unknown_scheme:
      return findings_.error({"user-hash-unknown", where_, what, remedy});
    case Refusal::weak_scheme: return findings_.error({"user-hash-weak", where_, what, remedy});
    case Refusal::hash_too_costly:
      return findings_.error({"user-hash-too-costly", where_, what,
                              remedy + ", or raise hash-memory-limit and hash-operations-limit"});
    default: return findings_.error({"user-hash-malformed", where_, what, remedy});
    }
  }

  void check_identity() {
    if (user_.uid == 0u)
      error("user-uid-root", "uid 0 is never served", "give the mailbox to an account of its own");
    if (user_.gid == 0u)
      error("user-gid-root", "gid 0 is never served", "give the line another gid");
    ::geteuid() == 0 ? check_as_root() : check_as_owner();
  }

  /// The value is `{SCRAM-SHA-256}...;TAG`. The server does not use a verifier of another password.
  void check_scram() {
    const auto semicolon = user_.scram.rfind(';');
    if (user_.scram.empty())
      return;
    if (semicolon == std::string::npos || !passwords::parse_scram(user_.scram.substr(0, semicolon)))
      findings_.error({"user-scram-malformed", where_, "sodapop_scram is no verifier with a tag",
                       "sodapop user password " + user_.name});
    else if (user_.scram.substr(semicolon + 1) != passwords::scram_tag(user_.hash))
      findings_.warning({"user-scram-stale", where_,
                         "sodapop_scram was made for another password and is not used",
                         "sodapop user password " + user_.name});
  }

  /// Finds a name that no client can log in with.
  void check_name() {
    if (users::login_name(user_.name, settings_) != user_.name ||
        users::lacks_domain(user_.name, settings_))
      error("user-name-unreachable",
            "because of name-case, default-domain or require-domain no login can have this name",
            "write the name as these settings require");
  }

  /// With scram = always, clients that prefer SCRAM do not fall back to another mechanism.
  void check_scram_offer() {
    if (settings_.scram == config::Settings::Scram::always && !user_.app_passwords_only &&
        !users::is_disabled(user_.hash) && !users::verifier_of(user_))
      findings_.warning({"user-scram-missing", where_,
                         "scram = always, but the user has no usable verifier",
                         "sodapop user password " + user_.name});
  }

  void check_rights() {
    if (user_.rights.expires && *user_.rights.expires <= std::time(nullptr))
      findings_.warning({"user-expired", where_,
                         "the user expired at " + base::utc(*user_.rights.expires),
                         "remove the user, or sodapop_expires"});
    for (const auto& one : user_.app_passwords)
      if (one.rights.expires && *one.rights.expires <= std::time(nullptr))
        findings_.warning(
            {"app-password-expired", where_,
             "the app password " + one.label + " expired at " + base::utc(*one.rights.expires),
             "sodapop app-password revoke " + user_.name + " " + one.label});
    if (user_.app_passwords_only && user_.app_passwords.empty())
      findings_.warning({"app-passwords-none", where_,
                         "the user may log in with app passwords only, and has none",
                         "sodapop app-password add " + user_.name + " LABEL"});
  }

 private:
  void error(std::string_view id, const std::string& what, const std::string& remedy) {
    findings_.error({id, where_, what, remedy});
  }

  void check_cost() {
    if (passwords::is_outdated(user_.hash))
      findings_.warning({"user-hash-outdated", where_,
                         "the hash is no Argon2id, or costs less than OWASP advises",
                         "sodapop user password " + user_.name});
  }

  void check_as_root() {
    if (!user_.uid || !user_.gid)
      error("user-without-identity", "a server started as root needs a uid and a gid",
            "put both into the line");
    else if (*user_.uid != 0 && *user_.uid < settings_.minimum_uid)
      error("user-uid-below-minimum",
            "uid " + std::to_string(*user_.uid) + " is below minimum-uid, which is " +
                std::to_string(settings_.minimum_uid),
            "lower minimum-uid, or give the mailbox to another account");
  }

  void check_as_owner() {
    if (user_.uid && *user_.uid != 0 && *user_.uid != ::geteuid())
      error("user-uid-foreign",
            "uid " + std::to_string(*user_.uid) + " is not that of this account, " +
                std::to_string(::geteuid()) + ", and only root could become it",
            "empty the field, or start the server as root");
  }

  const config::Settings& settings_;
  const User& user_;
  Findings& findings_;
  std::string where_;
};

} // namespace

void check_user(const CheckContext& context, const User& user, Findings& findings) {
  Line line(context, user, findings);
  line.check_name();
  line.check_hash();
  line.check_scram();
  line.check_scram_offer();
  line.check_identity();
  line.check_rights();
}

} // namespace admin
