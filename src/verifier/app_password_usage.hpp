// SPDX-License-Identifier: ISC
// When app passwords are used, as the verifier notes it: trouble with the file is logged, once, and
// is never a reason to keep anybody out. Opened before the cage closes, written within.
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
  /// The file is in `directory`. What is wrong with it is said where a use cannot be noted, so that
  /// a site without app passwords does not hear of it. The log must outlive this object.
  AppPasswordUsage(const std::string& directory, const base::Log& log);

  /// That this app password of `name` has just logged somebody in.
  void note(std::string_view name, const users::AppPassword& password);

 private:
  const base::Log& log_;
  std::optional<state::UsageFile> uses_;
  std::string problem_;
};

} // namespace verifier
