// SPDX-License-Identifier: ISC
// The SCRAM verifier of a user: the hash itself, or one that the users file has beside it; and what
// the verifiers of most users have in common.
#pragma once

#include "passwords/scram_verifier.hpp"
#include "users/user.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace users {

/// The value of the word sodapop_scram, `VERIFIER;TAG`, for a password whose hash is `hash`.
std::string scram_entry(const passwords::ScramVerifier& verifier, std::string_view hash);

/// The SCRAM verifier of `user`. Nothing when there is none, when the hash accepts no password
/// (is_disabled), or when the verifier was made for another hash: after a change of the hash by
/// other means, the old password must not work any more.
std::optional<passwords::ScramVerifier> verifier_of(const User& user);

/// What a user has of SCRAM.
enum class ScramState {
  none,
  the_hash,  ///< The hash is a verifier itself.
  beside,    ///< sodapop_scram is a verifier, made for this hash.
  stale,     ///< It was made for another hash, and is not used.
  malformed, ///< It is no verifier with a tag.
  disabled,  ///< The hash accepts no password, and so no proof.
};
ScramState scram_state(const User& user);

/// The parameters that most verifiers of a site have, which an offer for an unknown name must have
/// as well.
class ScramTally {
 public:
  /// Counts the verifier in the hash, or else in sodapop_scram, with any tag and of any user.
  void count(const User& user);
  /// Of as many verifiers with several parameters, those that were that many first.
  const passwords::ScramParameters& most_common() const { return most_common_; }

 private:
  std::map<passwords::ScramParameters, std::uint64_t> counts_;
  passwords::ScramParameters most_common_; // the default without a verifier
  std::uint64_t most_ = 0;
};

} // namespace users
