// SPDX-License-Identifier: ISC
// Verifiers: short-lived children of the monitor, one for each check that parses or computes much,
// so that the memory of the check ends with the child. The monitor says who the user is; a
// verifier only says whether one proof is right, and opens no file for it. It has no descriptor but
// the one for its answer, and runs as the front's account, in an empty root and in the sandbox,
// where the program has started as root. The checks are hash_check, token_check, and checkpassword,
// which runs a program of the site and is an exception to all this.
#pragma once

#include "base/client.hpp"
#include "base/log.hpp"
#include "config/settings.hpp"
#include "ipc/channel.hpp"
#include "sandbox/identity.hpp"
#include "state/private_file.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace verifier {

/// The context of a login, and in which a verifier runs.
struct VerifierContext {
  const config::Settings& settings;
  base::Log& log;
  /// The account that the verifier changes to; nothing when the program was not started as root.
  std::optional<base::Identity> account;
  base::Client client{};
  /// The absolute path of sodapopd, which a checkpassword program runs on success.
  std::string self{};
  /// Shared by all logins of the session; nullptr when each opens it for itself.
  state::SiteKey* site_key = nullptr;
};

/// What the check of one request needs besides it. `channel` is closed in a verifier.
struct Verification {
  const VerifierContext& context;
  ipc::Channel& channel;
  std::chrono::steady_clock::time_point deadline; ///< Of the wait for a hash slot.
  /// The attempt may well be a guess: it leaves the reserve of the hash slots to others.
  bool is_suspect = false;
};

/// Gives up all but memory, time and the descriptor `answer_fd`, for good. Ends the process when
/// `monitor`, its parent, has ended. Throws std::exception; the process must end then.
void confine(const VerifierContext& context, int answer_fd, pid_t monitor);

} // namespace verifier
