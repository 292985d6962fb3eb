// SPDX-License-Identifier: ISC
// Makes the verdicts that refuse a login, and logs each of them.
#pragma once

#include "base/log.hpp"
#include "verifier/verdict.hpp"

#include <string>
#include <string_view>

namespace verifier {

/// The verdicts on one name, which may be replaced when more is known. The log must outlive this
/// object.
class VerdictLog {
 public:
  VerdictLog(const base::Log& log, std::string name) : log_(log), name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  void set_name(std::string name) { name_ = std::move(name); }

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
  std::string name_;
};

} // namespace verifier
