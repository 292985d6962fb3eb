// SPDX-License-Identifier: ISC
// Makes the verdicts that refuse a login, and logs each of them. A name is logged in clear only
// when it is known to be that of a user: a client's user may have typed the password as the name.
#pragma once

#include "base/log.hpp"
#include "config/settings.hpp"
#include "verifier/verdict.hpp"

#include <string>
#include <string_view>

namespace verifier {

/// A name as a field of the log: `user` in clear, or `user-digest`, 16 hexadecimal digits that are
/// the same for the same name and cannot be made without the site's key.
struct NameField {
  std::string_view key;
  std::string value;
};

/// The verdicts on one name, which may be replaced when more is known. Both references must outlive
/// this object.
class VerdictLog {
 public:
  VerdictLog(const base::Log& log, const config::Settings& settings, std::string name)
      : log_(log), settings_(settings), name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  /// Replaces the name by one that a certificate or a token proves, which is logged in clear.
  void set_name(std::string name);
  /// Has the name logged in clear, as there is a user of that name.
  void know_user() const { is_known_ = true; }
  NameField name_field() const;

  /// A refusal of the login. `hint` is a reason for the client; it is cut to the space in the
  /// verdict, and each octet that is not printable ASCII becomes a question mark. `problem` is for
  /// the log, if the administrator can do something about it.
  Verdict refused(std::string_view reason, std::string_view hint = "",
                  std::string_view problem = "") const;
  /// A failure because the site has a fault or is busy; `kind` is temporary or permanent.
  Verdict unavailable(Verdict::Kind kind, std::string_view reason,
                      std::string_view problem = "") const;

 private:
  const base::Log& log_;
  const config::Settings& settings_;
  std::string name_;
  mutable bool is_known_ = false; // known to be no secret
};

} // namespace verifier
