// SPDX-License-Identifier: ISC
// Who is this, and whose Maildir may be served then? Answered by a short-lived child of the
// monitor, one a question, so that the hash's memory, the password and the users file's descriptor
// die with it. Started as root, the child opens the files, becomes the front's account in an empty
// root and is confined before it looks at a byte of the client's.
#pragma once

#include "base/address.hpp"
#include "base/log.hpp"
#include "config/settings.hpp"
#include "ipc/channel.hpp"
#include "sandbox/identity.hpp"
#include "verifier/verdict.hpp"
#include "verifier/verification_request.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace verifier {

/// What the TLS wrapper has said of the client's certificate, which it has verified; empty where
/// there was none.
struct Certificate {
  std::string distinguished_name; ///< As a launcher gives it in SSL_CLIENT_DN.
  std::string common_name;        ///< As a PROXY header gives it.

  bool empty() const { return distinguished_name.empty() && common_name.empty(); }
};

/// Where the verifier runs.
struct VerifierContext {
  const config::Settings& settings;
  const base::Log& log;
  /// Nothing when the program was not started as root.
  std::optional<base::Identity> account;
  std::string chroot;
  std::optional<base::Address> client{}; ///< Nothing: it has no address.
  Certificate certificate{};
};

/// Forks a child that answers `question` and ends. Takes as long as a hash slot and the hash take,
/// at most until `deadline`; then the verdict is temporary. With auth_cache a good password needs
/// neither when it was good lately, and an app password never does; trouble with that cache is
/// logged and changes nothing else. `channel` is closed in the child. Logs the reason of every
/// verdict but granted. Throws std::system_error when no child can be had.
Verdict verify(const VerificationRequest& request, const VerifierContext& context,
               ipc::Channel& channel, std::chrono::steady_clock::time_point deadline);

} // namespace verifier
