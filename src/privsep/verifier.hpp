// SPDX-License-Identifier: ISC
// Is this name's password right, and whose Maildir may be served then? Answered by a short-lived
// child of the monitor, one an attempt, so that the hash's memory, the password and the users
// file's descriptor die with it. Started as root, the child opens the files, becomes the front's
// account in an empty root and is confined before it looks at a byte of the client's.
#pragma once

#include "base/log.hpp"
#include "base/settings.hpp"
#include "credentials/index_key.hpp"
#include "privsep/channel.hpp"
#include "privsep/identity.hpp"
#include "privsep/message.hpp"

#include <array>
#include <chrono>
#include <climits>
#include <optional>

namespace privsep {

/// What the child says; the monitor believes it no further than the checks of is_acceptable().
struct Verdict {
  enum class Kind : std::uint8_t { granted, refused, temporary, permanent, last = permanent };
  Kind kind = Kind::temporary;
  std::array<std::uint8_t, 3> reserved{};
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::array<char, PATH_MAX> maildir{}; ///< Absolute, NUL-terminated.
  credentials::IndexKey index_key{};    ///< For the keeper alone.
};

/// Where the verifier runs.
struct VerifierPlace {
  const base::Settings& settings;
  const base::Log& log;
  /// Nothing when the program was not started as root.
  std::optional<Identity> account;
  std::string chroot;
};

/// Forks a child that answers `request` and ends. Takes as long as a hash slot and the hash take,
/// at most until `deadline`; then the verdict is temporary. With auth_cache a good password needs
/// neither when it was good lately; trouble with that cache is logged and changes nothing else.
/// `channel` is closed in the child. Logs the reason of every verdict but granted. Throws
/// std::system_error when no child can be had.
Verdict verify(const LoginRequest& request, const VerifierPlace& place, Channel& channel,
               std::chrono::steady_clock::time_point deadline);

/// Whether a granted verdict may be acted on by a monitor whose uid is `own`: a path that is
/// absolute and ends; for root a uid that is not below the minimum and not 0, and no gid 0; for
/// anybody else that same uid.
bool is_acceptable(const Verdict& verdict, const base::Settings& settings, uid_t own);

} // namespace privsep
