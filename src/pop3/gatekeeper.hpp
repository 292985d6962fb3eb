// SPDX-License-Identifier: ISC
// Interface: a name and a proof -> a maildrop or a refusal. The other half of the privilege
// boundary.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "pop3/maildrop.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>

namespace pop3 {

/// By what a login is tried in one request; SCRAM takes several and is not among them.
enum class Mechanism : std::uint8_t { user_pass, plain, external, oauthbearer, xoauth2 };

/// What a client says to prove who it is. Not yet checked in any way but for its grammar.
struct Credentials {
  Mechanism mechanism;
  /// Empty when EXTERNAL or OAUTHBEARER leaves it to the certificate or the token who it is.
  std::string name;
  /// A token with OAUTHBEARER and XOAUTH2, empty with EXTERNAL.
  base::Secret password;
};

/// The client's first message of SCRAM-SHA-256 (RFC 5802 section 7), of which `message_bare` is the
/// part that both sides sign, as it was sent.
struct ScramStart {
  std::string name;
  std::string message_bare;
  std::string nonce;
};

/// What the server's first message is made of.
struct ScramOffer {
  std::string nonce; ///< The server's part, which comes behind the client's.
  std::string salt;  ///< Octets.
  std::uint32_t iterations = 0;
};

/// The client's last message: what stands before `,p=`, as it was sent, and the proof.
struct ScramFinal {
  std::string without_proof;
  std::array<std::uint8_t, 32> proof{};
};

/// HMAC-SHA-256 by the server's key: that it knows the verifier.
using ScramSignature = std::array<std::uint8_t, 32>;

/// Why nobody gets in.
struct Denial {
  enum class Reason : std::uint8_t {
    credentials, ///< Wrong, unknown, or not allowed here: RFC 3206's [AUTH].
    in_use,      ///< Right, but another session holds the maildrop: RFC 2449's [IN-USE].
    too_many,    ///< Right, but the user has as many sessions as the site allows: [SYS/TEMP].
    temporary,   ///< [SYS/TEMP]
    permanent    ///< [SYS/PERM]
  };
  Reason reason = Reason::credentials;
  /// No further attempt can be made on this connection.
  bool is_final = false;
  /// With in_use, where known: since when (seconds since 1970; 0 when not) and from which address.
  std::int64_t held_since = 0;
  std::string held_from{};
  /// With credentials: what may be told, of at most max_hint printable ASCII characters.
  std::string hint{};
};

class Gatekeeper {
 public:
  virtual ~Gatekeeper() = default;
  virtual base::Result<std::unique_ptr<Maildrop>, Denial> login(const Credentials& credentials) = 0;
  /// The three steps of SCRAM-SHA-256. The first forgets any that were taken before, and gives an
  /// offer for every name, whether anybody has it or not.
  virtual base::Result<ScramOffer, Denial> scram_start(const ScramStart& start) = 0;
  /// Only after scram_start(): the proof is right, or was not.
  virtual base::Result<ScramSignature, Denial> scram_check(const ScramFinal& final) = 0;
  /// Only after scram_check() has given a signature, once the client has found it right.
  virtual base::Result<std::unique_ptr<Maildrop>, Denial> scram_finish() = 0;
};

} // namespace pop3
