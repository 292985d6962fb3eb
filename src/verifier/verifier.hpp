// SPDX-License-Identifier: ISC
// Verifies a login and finds the Maildir to serve. Each request runs in its own short-lived child
// of the monitor, so that the hash's memory, the password and the users file's descriptor end with
// the child. The child opens its files, changes to the front's account in an empty root if it has
// started as root, and enters the sandbox. Before that it only makes a user's name of what the
// client, or its certificate, has sent, and sees whether the password has the form of an app
// password.
#pragma once

#include "base/client.hpp"
#include "base/log.hpp"
#include "config/settings.hpp"
#include "ipc/channel.hpp"
#include "ipc/request.hpp"
#include "pop3/gatekeeper.hpp"
#include "sandbox/identity.hpp"
#include "verifier/verdict.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <variant>

namespace verifier {

/// The context in which a verifier runs.
struct VerifierContext {
  const config::Settings& settings;
  base::Log& log;
  /// The account that the verifier changes to; nothing when the program was not started as root.
  std::optional<base::Identity> account;
  base::Client client{};
  /// The absolute path of sodapopd, which a checkpassword program runs on success.
  std::string self{};
};

/// An exchange of SCRAM-SHA-256 as the monitor stores it: the client's first message and the offer.
/// The monitor makes the server's part of the nonce itself, so that no front can replay a proof
/// that it has seen.
struct ScramExchange {
  pop3::ScramStart start;
  pop3::ScramOffer offer;
};

struct ScramProof {
  const ScramExchange& exchange;
  pop3::ScramFinal final;
};

/// A request to verify a password, certificate or token, to make an offer to a client, or to check
/// a proof. The object that it points to must outlive it.
using VerificationRequest =
    std::variant<const ipc::LoginRequest*, const pop3::ScramStart*, const ScramProof*>;

/// Forks a child that gives the verdict on `request` and ends. Takes as long as a hash slot and the
/// hash take. The child waits for a slot until `deadline` and is killed time_to_end later; then the
/// verdict is temporary. With auth_cache, a password that was right lately needs neither slot nor
/// hash; an app password never needs them. A problem with that cache is logged and changes nothing
/// else. With checkpassword, which accepts passwords only, the site's program decides
/// (checkpassword.hpp). `channel` is closed in the child. Logs the reason of every verdict but
/// granted. Throws std::system_error when no child can be started.
Verdict verify(const VerificationRequest& request, const VerifierContext& context,
               ipc::Channel& channel, std::chrono::steady_clock::time_point deadline);

} // namespace verifier
