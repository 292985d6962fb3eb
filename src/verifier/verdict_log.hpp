// SPDX-License-Identifier: ISC
// The verdicts by which nobody gets in, each with its line in the log. Runs in the verifier.
#pragma once

#include "base/log.hpp"
#include "verifier/verdict.hpp"

#include <string>
#include <string_view>

namespace verifier {

/// About one name, which may change as more is known. The log must outlive it.
class VerdictLog {
 public:
  VerdictLog(const base::Log& log, std::string name) : log_(log), name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  void set_name(std::string name) { name_ = std::move(name); }

  /// Who knocks is not let in. `hint` is what the client may be told of the reason; of it as much
  /// as fits is taken, anything but printable ASCII as a question mark. `problem` is for the log,
  /// where the administrator can do something about it.
  Verdict refused(std::string_view reason, std::string_view hint = "",
                  std::string_view problem = "") const;
  /// The site is not in order, or busy; `kind` is temporary or permanent.
  Verdict unavailable(Verdict::Kind kind, std::string_view reason,
                      std::string_view problem = "") const;

 private:
  const base::Log& log_;
  std::string name_;
};

} // namespace verifier
