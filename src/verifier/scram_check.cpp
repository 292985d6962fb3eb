// SPDX-License-Identifier: ISC
#include "verifier/scram_check.hpp"

#include "pop3/scram_message.hpp"
#include "state/site_key.hpp"
#include "users/scram_entry.hpp"

namespace verifier {

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
    : inquiry_(said, place), site_key_(state::open_site_key(place.settings.state_directory)) {}

std::optional<Verdict> ScramAnswerer::obstacle() const {
  if (!site_key_)
    return inquiry_.refusals().unavailable(Kind::permanent, "site-key-refused",
                                           sentence(site_key_.error()));
  return inquiry_.obstacle();
}

passwords::ScramVerifier ScramAnswerer::verifier_for(const std::optional<users::User>& user) const {
  auto own = user ? users::verifier_of(*user) : std::nullopt;
  if (own)
    return std::move(*own);
  const auto usual = inquiry_.users().scram_iterations();
  return passwords::made_up(inquiry_.name(), *site_key_,
                            usual != 0 ? usual : passwords::default_scram_iterations);
}

Verdict ScramOfferAnswering::answer(Clock::time_point) {
  if (const auto obstacle = this->obstacle())
    return *obstacle;
  const auto verifier = verifier_for(inquiry_.find());
  auto offer = verdict(Kind::granted);
  static_assert(passwords::most_scram_salt <= ipc::max_scram_salt);
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
      passwords::check_proof(verifier_for(user), auth_message(proof_), proof_.final.proof);
  if (!user)
    return inquiry_.refuse_unknown();
  if (!signature)
    return inquiry_.refusals().refused(users::verifier_of(*user) ? "wrong-password"
                                                                 : "no-scram-verifier");
  auto granted = inquiry_.admit_by_password(*user);
  granted.signature = *signature;
  return granted;
}

} // namespace verifier
