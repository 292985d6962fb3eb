// SPDX-License-Identifier: ISC
// Interface that takes a name and a proof, and gives a maildrop or a refusal. It is the other half
// of the privilege boundary, besides pop3/maildrop.hpp.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "pop3/maildrop.hpp"
#include "pop3/mechanism.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace pop3 {

/// The credentials that a client sends in one message. Only their grammar has been checked.
struct Credentials {
  Mechanism mechanism; ///< Any but scram.
  /// Empty when the client leaves the name to the certificate (EXTERNAL) or the token
  /// (OAUTHBEARER).
  std::string name;
  /// A token with OAUTHBEARER and XOAUTH2, empty with EXTERNAL.
  base::Secret password;
};

/// The client's first message of SCRAM-SHA-256 (RFC 5802 section 7). `message_bare` is the part
/// that both sides sign, as it was sent.
struct ScramStart {
  std::string name;
  std::string message_bare;
  std::string nonce;
};

/// The contents of the server's first message.
struct ScramOffer {
  std::string nonce; ///< The server's part, which follows the client's part.
  std::string salt;  ///< Octets.
  std::uint32_t iterations = 0;
};

/// The client's last message: the part before `,p=`, as it was sent, and the proof. With the proof
/// and the user's verifier, an attacker could log in.
struct ScramFinal {
  std::string without_proof;
  base::SecretOctets<32> proof{};
};

/// HMAC-SHA-256 with the server's key, which proves that the server knows the verifier.
using ScramSignature = std::array<std::uint8_t, 32>;

/// A refusal of the login.
struct Denial {
  enum class Reason : std::uint8_t {
    credentials, ///< Wrong, unknown, or not allowed here: RFC 3206's [AUTH].
    in_use,      ///< Right, but another session holds the maildrop: RFC 2449's [IN-USE].
    locked,      ///< Right, but another program has locked the maildrop: [IN-USE].
    too_many,    ///< Right, but the user has as many sessions as the site allows: [SYS/TEMP].
    penalty,     ///< Not looked at, as too many logins have failed: [SYS/TEMP], with a hint.
    temporary,   ///< [SYS/TEMP]
    permanent,   ///< [SYS/PERM]
    used_up      ///< Not looked at, as all attempts were made before: [SYS/TEMP].
  };
  Reason reason = Reason::credentials;
  /// No further attempt can be made on this connection.
  bool is_final = false;
  /// With in_use: since when (seconds since 1970; 0 when unknown) and from which address the other
  /// session holds the maildrop (empty when unknown).
  std::int64_t held_since = 0;
  std::string held_from{};
  /// With credentials and penalty: a text for the client, of at most max_hint printable ASCII
  /// characters.
  std::string hint{};
};

class Gatekeeper {
 public:
  virtual ~Gatekeeper() = default;
  virtual base::Result<std::unique_ptr<Maildrop>, Denial> login(const Credentials& credentials) = 0;
  /// The first of three steps of SCRAM-SHA-256. Forgets all earlier steps, and gives an offer for
  /// every name, also for a name without a user.
  virtual base::Result<ScramOffer, Denial> scram_start(const ScramStart& start) = 0;
  /// Checks the proof. Only after scram_start().
  virtual base::Result<ScramSignature, Denial> scram_check(const ScramFinal& final) = 0;
  /// Logs in. Only after scram_check() has given a signature, and the client has accepted it.
  virtual base::Result<std::unique_ptr<Maildrop>, Denial> scram_finish() = 0;
  /// Notes that the client has tried to log in by a mechanism that sends a secret, on a connection
  /// that is not protected: it was refused. The name is empty when the client has not sent it yet.
  virtual void note_unprotected(std::string_view name) = 0;
};

} // namespace pop3
