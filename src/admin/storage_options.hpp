// SPDX-License-Identifier: ISC
// The options that say what the users file keeps of a new password: its hash, and whether a
// verifier for SCRAM-SHA-256.
#pragma once

#include "admin/command_line.hpp"
#include "base/secret.hpp"
#include "passwords/password_hash.hpp"
#include "passwords/scram_verifier.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace admin {

/// `--cost PRESET`, or `--hash-memory MIB` with `--hash-operations NUMBER`.
class CostOptions {
 public:
  /// This object must live until the command line is parsed.
  Options options();

  bool given() const { return memory_ != 0 || !preset_.empty(); }
  /// The chosen cost; by default OWASP's advice.
  passwords::Cost cost() const;
  /// As cost(), but throws Failure above `ceiling`: the server would refuse such a hash.
  passwords::Cost cost_within(const passwords::Cost& ceiling) const;

 private:
  std::string preset_;
  std::uint32_t memory_ = 0; ///< MiB.
  std::uint32_t operations_ = 0;
};

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
