// SPDX-License-Identifier: ISC
// The options that say what the users file keeps of a new password: its hash, and whether a
// verifier for SCRAM-SHA-256.
#pragma once

#include "admin/command_line.hpp"
#include "base/secret.hpp"
#include "config/settings.hpp"
#include "passwords/password_hash.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace admin {

/// `--cost PRESET`, or `--hash-memory MIB` with `--hash-operations NUMBER`.
Options cost_options();
/// The cost that these options choose; nothing without one of them.
std::optional<passwords::Cost> cost_of(const Values& given);

/// cost_options(), and `--scram`, `--scram-iterations NUMBER`, which asks for a verifier as well,
/// or
/// `--no-scram`.
Options storage_options();
/// More iterations would take a telephone half a minute at each login.
inline constexpr std::uint32_t most_iterations = 1'000'000;

struct Storage {
  passwords::Cost cost = passwords::owasp_cost;
  std::optional<std::uint32_t> iterations; ///< Of the verifier; nothing: there is none.
};

/// What these options choose; by default OWASP's advice, and a verifier where the site has asked
/// for SCRAM. Throws Failure for a cost above the site's ceiling: the server would refuse such a
/// hash.
Storage storage_of(const Values& given, const config::Settings& settings);

struct StoredPassword {
  std::string hash;
  std::optional<std::string> scram; ///< The value of `sodapop_scram`.
};

/// Throws std::system_error.
StoredPassword store(const base::Secret& password, const Storage& storage);

} // namespace admin
