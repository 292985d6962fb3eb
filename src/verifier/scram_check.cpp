// SPDX-License-Identifier: ISC
#include "verifier/scram_check.hpp"

#include "pop3/scram_message.hpp"
#include "users/scram_entry.hpp"

namespace verifier {

namespace {

using Kind = Verdict::Kind;

/// The AuthMessage of RFC 5802 section 3, which both sides sign. The middle part is the server's,
/// and new each time.
std::string auth_message(const ScramProof& proof) {
  const auto& [start, offer] = proof.exchange;
  return start.message_bare + "," + pop3::server_first(start.nonce, offer) + "," +
         proof.final.without_proof;
}

} // namespace

ScramCheck::ScramCheck(std::string_view said, const VerifierContext& context)
    : access_(said, context), site_key_(state::open_site_key(context.settings.state_directory)) {}

std::optional<Verdict> ScramCheck::obstacle() const {
  if (!site_key_)
    return access_.verdicts().unavailable(Kind::permanent, "site-key-refused",
                                          description(site_key_.error()));
  return access_.obstacle();
}

passwords::ScramVerifier ScramCheck::verifier_for(const std::optional<users::User>& user) const {
  auto own = user ? users::verifier_of(*user) : std::nullopt;
  if (own)
    return std::move(*own);
  const auto usual = access_.users().scram_iterations();
  return passwords::decoy_scram(access_.name(), *site_key_,
                                usual != 0 ? usual : passwords::default_scram_iterations);
}

Verdict ScramOfferCheck::run(Clock::time_point) {
  if (const auto obstacle = this->obstacle())
    return *obstacle;
  const auto verifier = verifier_for(access_.find());
  auto offer = verdict(Kind::granted);
  static_assert(passwords::most_scram_salt <= ipc::max_scram_salt);
  offer.iterations = verifier.iterations;
  offer.salt_length =
      static_cast<std::uint8_t>(verifier.salt.copy(offer.salt.data(), offer.salt.size()));
  return offer;
}

Verdict ScramProofCheck::run(Clock::time_point) {
  if (const auto obstacle = this->obstacle())
    return *obstacle;
  const auto user = access_.find();
  const auto signature =
      passwords::check_proof(verifier_for(user), auth_message(proof_), proof_.final.proof);
  if (!user)
    return access_.refuse_unknown();
  if (!signature)
    return access_.verdicts().refused(users::verifier_of(*user) ? "wrong-password"
                                                                : "no-scram-verifier");
  auto granted = access_.admit_by_password(*user);
  granted.signature = *signature;
  return granted;
}

} // namespace verifier
