// SPDX-License-Identifier: ISC
#include "passwords/scram_verifier.hpp"
#include "pop3/scram_message.hpp"
#include "state/private_file.hpp"
#include "users/scram_entry.hpp"
#include "verifier/access_check.hpp"
#include "verifier/verification.hpp"

namespace verifier {

namespace {

using Kind = Verdict::Kind;

/// The part that both requests of an exchange share.
class ScramCheck {
 public:
  /// Opens the files and enters the sandbox.
  ScramCheck(std::string_view said, const Verification& verification)
      : access(said, verification.context),
        site_key_(state::open_site_key(verification.context.settings.state_directory)) {
    verification.confine();
  }

  /// The verdict on every request when the site's key or the users file cannot be used; otherwise
  /// nothing.
  std::optional<Verdict> obstacle() const;
  /// The user's own SCRAM verifier, or a decoy without one.
  passwords::ScramVerifier verifier_for(const std::optional<users::User>& user) const;

  const AccessCheck access;

 private:
  base::Result<base::Secret, std::string_view> site_key_;
};

std::optional<Verdict> ScramCheck::obstacle() const {
  if (!site_key_)
    return access.verdicts().unavailable(Kind::permanent, "site-key-refused", site_key_.error());
  return access.obstacle();
}

passwords::ScramVerifier ScramCheck::verifier_for(const std::optional<users::User>& user) const {
  auto own = user ? users::verifier_of(*user) : std::nullopt;
  if (own)
    return std::move(*own);
  const auto usual = access.users().scram_iterations();
  return passwords::decoy_scram(access.name(), *site_key_,
                                usual != 0 ? usual : passwords::default_scram_iterations);
}

/// The AuthMessage of RFC 5802 section 3, which both sides sign. The middle part is the server's,
/// and new each time.
std::string auth_message(const ScramProof& proof) {
  const auto& [start, offer] = proof.exchange;
  return start.message_bare + "," + pop3::server_first(start.nonce, offer) + "," +
         proof.final.without_proof;
}

} // namespace

Verdict check(const pop3::ScramStart& start, const Verification& verification) {
  const ScramCheck step(start.name, verification);
  if (const auto obstacle = step.obstacle())
    return *obstacle;
  const auto verifier = step.verifier_for(step.access.find());
  Verdict offer{Kind::granted};
  static_assert(passwords::most_scram_salt <= ipc::max_scram_salt);
  offer.iterations = verifier.iterations;
  offer.salt_length =
      static_cast<std::uint8_t>(verifier.salt.copy(offer.salt.data(), offer.salt.size()));
  return offer;
}

Verdict check(const ScramProof& proof, const Verification& verification) {
  const ScramCheck step(proof.exchange.start.name, verification);
  if (const auto obstacle = step.obstacle())
    return *obstacle;
  const auto user = step.access.find();
  const auto signature =
      passwords::check_proof(step.verifier_for(user), auth_message(proof), proof.final.proof);
  if (!user)
    return step.access.refuse_unknown();
  if (!signature)
    return step.access.verdicts().refused(users::verifier_of(*user) ? "wrong-password"
                                                                    : "no-scram-verifier");
  auto granted = step.access.admit_by_password(*user);
  granted.signature = *signature;
  return granted;
}

} // namespace verifier
