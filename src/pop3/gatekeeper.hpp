// SPDX-License-Identifier: ISC
// Interface: a name and a proof -> a maildrop or a refusal. The other half of the privilege
// boundary.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "pop3/maildrop.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace pop3 {

enum class Mechanism : std::uint8_t { user_pass, plain };

/// What a client says to prove who it is. Not yet checked in any way but for its length.
struct Credentials {
  Mechanism mechanism;
  std::string name;
  base::Secret password;
};

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
  std::string held_from;
};

class Gatekeeper {
 public:
  virtual ~Gatekeeper() = default;
  virtual base::Result<std::unique_ptr<Maildrop>, Denial> login(const Credentials& credentials) = 0;
};

} // namespace pop3
