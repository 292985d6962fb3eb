// SPDX-License-Identifier: ISC
// Records when app passwords are used. A problem with the file is logged once and never causes a
// refusal. The verifier opens the file before it enters the sandbox and writes it inside.
#pragma once

#include "base/log.hpp"
#include "state/usage_file.hpp"
#include "users/rights.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace verifier {

class AppPasswordUsage {
 public:
  /// Opens the file in `directory`. A problem with it is logged only when a use cannot be recorded,
  /// so that a site without app passwords does not see it. The log must outlive this object.
  AppPasswordUsage(const std::string& directory, const base::Log& log);

  /// Records that this app password of `name` has just been used for a login.
  void note(std::string_view name, const users::AppPassword& password);

 private:
  const base::Log& log_;
  std::optional<state::UsageFile> usage_file_;
  std::string problem_;
};

} // namespace verifier
