// SPDX-License-Identifier: ISC
// What every answer of the verifier stands on: the users file, the name that is asked about, and
// whether that user may log in, now and from there, and as whom and to which Maildir.
#pragma once

#include "sandbox/identity.hpp"
#include "users/user_store.hpp"
#include "verifier/verdict_log.hpp"
#include "verifier/verifier.hpp"

#include <optional>
#include <string_view>

namespace verifier {

class AccessCheck {
 public:
  /// `said` is what the client calls itself; the site's rules make a name of it. The place must
  /// outlive it. Opens the users file; throws std::system_error.
  AccessCheck(std::string_view said, const VerifierContext& context);

  const config::Settings& settings() const { return context_.settings; }
  const VerifierContext& context() const { return context_; }
  const std::string& name() const { return verdicts_.name(); }
  /// Somebody who knows better has said who it is.
  void set_name(std::string_view said);
  const VerdictLog& verdicts() const { return verdicts_; }

  /// A verdict for all when the users file is not to be used.
  std::optional<Verdict> obstacle() const;
  /// Only without an obstacle.
  const users::UserStore& users() const { return *users_; }
  /// The user of that name, who is nobody where a domain is missing that the site wants. Logs
  /// malformed lines on the way. Throws std::system_error.
  std::optional<users::User> find() const;
  /// The name is without the domain that the site requires, and so nobody's.
  bool lacks_domain() const;
  /// Whether `said`, by the site's rules, is the name in question or empty: nobody may act for
  /// somebody else.
  bool is_also(std::string_view said) const;
  /// For a name that nobody has.
  Verdict refuse_unknown() const;
  users::OnBadLine log_bad_lines() const;

  /// For a user who is proved to be the one; by `app_password`, whose rights count beside the
  /// user's, unless it is null. Logs the reason of every verdict but granted.
  Verdict admit(const users::User& user, const users::AppPassword* app_password = nullptr) const;
  /// The same for who is proved by the password of the hash, which may not be good for a login.
  Verdict admit_by_password(const users::User& user) const;
  /// For the user of that name, whose certificate or token was good. A hash of `*`, by which no
  /// password is right, does not keep out who needs none; a locked one does.
  Verdict admit_without_password() const;

 private:
  std::optional<Verdict> keep_out(const users::User& user,
                                  const users::AppPassword* app_password) const;
  Verdict assign(const users::User& user, const users::AppPassword* app_password) const;
  Verdict granted(const users::User& user, std::string_view maildir) const;

  const VerifierContext& context_;
  VerdictLog verdicts_;
  base::Result<users::UserStore, users::StoreProblem> users_;
  base::Identity started_as_; // asked before the cage closes
  mutable unsigned bad_lines_ = 0;
};

} // namespace verifier
