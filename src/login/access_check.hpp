// SPDX-License-Identifier: ISC
// The part that all logins share: the users file, the name to verify, and the check whether
// that user may log in now and from the client's address, with which uid and gid and to which
// Maildir.
#pragma once

#include "sandbox/identity.hpp"
#include "users/authenticate.hpp"
#include "verifier/verdict_log.hpp"
#include "verifier/verifier.hpp"

#include <optional>
#include <string_view>

namespace login {

class AccessCheck {
 public:
  /// Opens the users file; throws std::system_error. `said` is the name as the client or its
  /// certificate gives it; the site's rules make a user name of it. The context must outlive this
  /// object.
  AccessCheck(std::string_view said, const verifier::VerifierContext& context);

  const config::Settings& settings() const { return context_.settings; }
  const verifier::VerifierContext& context() const { return context_; }
  const std::string& name() const { return verdicts_.name(); }
  /// Replaces the name by `said`, under the site's rules, when a better source than the client has
  /// named the user.
  void set_name(std::string_view said);
  const verifier::VerdictLog& verdicts() const { return verdicts_; }

  /// Opens the users file again if it has changed since it was opened. True if it was opened again.
  /// Throws std::system_error.
  bool refresh();
  /// The verdict on every request when the users file must not be used; otherwise nothing.
  std::optional<verifier::Verdict> obstacle() const;
  /// Requires that obstacle() gives nothing.
  const users::UserStore& users() const { return *users_; }
  /// The user of that name; nothing if there is none or if the name lacks the domain that the site
  /// requires. Logs malformed lines of the users file that it reads. Throws std::system_error.
  std::optional<users::User> find() const;
  /// As find(), with the parameters of most SCRAM verifiers.
  users::WithScram find_with_scram() const;
  /// What a password for the name has to be verified against.
  users::Target find_target(const passwords::Cost& ceiling) const;
  /// True when the name lacks the domain that the site requires; such a name has no user.
  bool lacks_domain() const;
  /// True when `said`, the authorization identity, is empty or, by the site's rules, equal to the
  /// name: no user may act for another user.
  bool is_also(std::string_view said) const;
  /// The refusal for a name without a user.
  verifier::Verdict refuse_unknown() const;
  users::OnBadLine log_bad_lines() const;
  /// The site's key, which the first call opens; or the key_file_problem for which it is refused.
  /// Throws std::system_error.
  const base::Result<base::Secret, std::string_view>& site_key() const;
  /// The key for the index of the user's Maildir. It depends on the user's hash, so that it is to
  /// be taken after the hash was renewed.
  passwords::IndexKey index_key(const users::User& user) const;

  /// The verdict on a user whose identity is verified. `app_password` is the app password that was
  /// used, or null; its rights apply in addition to the user's. Logs the reason of every verdict
  /// but granted.
  verifier::Verdict admit(const users::User& user,
                          const users::AppPassword* app_password = nullptr) const;
  /// As admit(), for a user who is verified by the password of the hash. The account may not accept
  /// that password for a login.
  verifier::Verdict admit_by_password(const users::User& user) const;
  /// As admit(), for the user of that name, whose certificate or token was valid. A hash of `*`,
  /// which no password matches, does not refuse this login; a locked hash does.
  verifier::Verdict admit_without_password() const;

 private:
  void warn_of_outdated_form() const;
  std::string_view possible_name() const;
  void note(const std::optional<users::User>& user) const;
  bool is_user_in_lower_case() const;
  std::optional<verifier::Verdict> check_rights(const users::User& user,
                                                const users::AppPassword* app_password) const;
  std::string_view octets_of_site_key() const;
  verifier::Verdict assign(const users::User& user, const users::AppPassword* app_password) const;
  verifier::Verdict granted(const users::User& user, std::string_view maildir) const;

  const verifier::VerifierContext& context_;
  verifier::VerdictLog verdicts_;
  base::Result<users::UserStore, users::StoreProblem> users_;
  base::Identity started_as_;
  mutable unsigned bad_lines_ = 0;
  mutable bool is_other_case_ = false;  // no user has the name, but one has it in lower case
  mutable state::SiteKey own_site_key_; // unless the session has one
};

} // namespace login
