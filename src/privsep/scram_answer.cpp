// SPDX-License-Identifier: ISC
#include "privsep/scram_answer.hpp"

#include "credentials/scram_entry.hpp"
#include "credentials/site_key.hpp"
#include "pop3/scram_message.hpp"

namespace privsep {

namespace {

using Kind = Verdict::Kind;

/// RFC 5802 section 3: what both sides sign. The middle is ours, and new each time.
std::string auth_message(const ScramProof& proof) {
  const auto& [start, offer] = proof.exchange;
  return start.message_bare + "," + pop3::server_first(start.nonce, offer) + "," +
         proof.final.without_proof;
}

} // namespace

ScramAnswerer::ScramAnswerer(std::string_view said, const VerifierPlace& place)
    : inquiry_(said, place), site_key_(credentials::open_site_key(place.settings.state_directory)) {
}

std::optional<Verdict> ScramAnswerer::obstacle() const {
  if (!site_key_)
    return inquiry_.refusals().unavailable(Kind::permanent, "site-key-refused",
                                           credentials::sentence(site_key_.error()));
  return inquiry_.obstacle();
}

credentials::ScramVerifier
ScramAnswerer::verifier_for(const std::optional<credentials::User>& user) const {
  auto own = user ? credentials::verifier_of(*user) : std::nullopt;
  if (own)
    return std::move(*own);
  const auto usual = inquiry_.users().scram_iterations();
  return credentials::made_up(inquiry_.name(), *site_key_,
                              usual != 0 ? usual : credentials::default_scram_iterations);
}

Verdict ScramOfferAnswering::answer(Clock::time_point) {
  if (const auto obstacle = this->obstacle())
    return *obstacle;
  const auto verifier = verifier_for(inquiry_.find());
  auto offer = verdict(Kind::granted);
  static_assert(credentials::most_scram_salt <= max_scram_salt);
  offer.iterations = verifier.iterations;
  offer.salt_length =
      static_cast<std::uint8_t>(verifier.salt.copy(offer.salt.data(), offer.salt.size()));
  return offer;
}

Verdict ScramProofAnswering::answer(Clock::time_point) {
  if (const auto obstacle = this->obstacle())
    return *obstacle;
  const auto user = inquiry_.find();
  const auto signature =
      credentials::check_proof(verifier_for(user), auth_message(proof_), proof_.final.proof);
  if (!user)
    return inquiry_.refuse_unknown();
  if (!signature)
    return inquiry_.refusals().refused(credentials::verifier_of(*user) ? "wrong-password"
                                                                       : "no-scram-verifier");
  auto granted = inquiry_.admit_by_password(*user);
  granted.signature = *signature;
  return granted;
}

} // namespace privsep
