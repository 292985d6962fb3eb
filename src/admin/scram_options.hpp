// SPDX-License-Identifier: ISC
// The options that say whether a new password also gets a verifier for SCRAM-SHA-256.
#pragma once

#include "admin/command_line.hpp"
#include "base/secret.hpp"
#include "passwords/scram_verifier.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace admin {

/// `--scram`, which is the default, or `--no-scram`, and `--scram-iterations NUMBER`.
class ScramOptions {
 public:
  /// More iterations would take a telephone half a minute at each login.
  static constexpr std::uint32_t most_iterations = 1'000'000;

  /// This object must live until the command line is parsed.
  Options options();

  /// The value of `sodapop_scram` for the password whose hash field is `hash`; nothing with
  /// `--no-scram`. Throws std::system_error.
  std::optional<std::string> value(const base::Secret& password, std::string_view hash) const;

 private:
  bool is_wanted_ = true;
  std::uint32_t iterations_ = passwords::default_scram_iterations;
};

} // namespace admin
