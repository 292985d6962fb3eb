// SPDX-License-Identifier: ISC
// Verifies a login and finds the Maildir to serve. Each request runs in its own short-lived child
// of the monitor, so that the hash's memory, the password and the users file's descriptor end with
// the child. If it starts as root, the child opens the files, changes to the front's account in an
// empty root and enters the sandbox before it reads any octet from the client.
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

/// The names in the client's certificate, as the TLS wrapper that has verified the certificate
/// gives them; empty where there was none.
struct Certificate {
  std::string distinguished_name; ///< As a launcher gives it in SSL_CLIENT_DN.
  std::string common_name;        ///< As a PROXY header gives it.

  bool empty() const { return distinguished_name.empty() && common_name.empty(); }
};

/// The context in which the verifier runs.
struct VerifierContext {
  const config::Settings& settings;
  const base::Log& log;
  /// The account that the verifier changes to; nothing when the program was not started as root.
  std::optional<base::Identity> account;
  std::string chroot;
  std::optional<base::Address> client{}; ///< Nothing if it has no address.
  Certificate certificate{};
};

/// Forks a child that gives the verdict on `request` and ends. Takes as long as a hash slot and the
/// hash take, at most until `deadline`; then the verdict is temporary. With auth_cache, a password
/// that was right lately needs neither slot nor hash; an app password never needs them. A problem
/// with that cache is logged and changes nothing else. `channel` is closed in the child. Logs the
/// reason of every verdict but granted. Throws std::system_error when no child can be started.
Verdict verify(const VerificationRequest& request, const VerifierContext& context,
               ipc::Channel& channel, std::chrono::steady_clock::time_point deadline);

} // namespace verifier
