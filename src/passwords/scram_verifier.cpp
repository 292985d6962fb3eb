// SPDX-License-Identifier: ISC
#include "passwords/scram_verifier.hpp"

#include "base/ascii.hpp"
#include "base/base64.hpp"
#include "base/digest.hpp"
#include "base/hex.hpp"
#include "passwords/hash_text.hpp"
#include "passwords/personal_digest.hpp"
#include "passwords/scheme.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <sodium/crypto_hash_sha256.h>
#include <sodium/randombytes.h>
#include <stdexcept>

namespace passwords {

namespace {

constexpr std::string_view scheme_name = "SCRAM-SHA-256";

Sha256Octets sha256(const Sha256Octets& octets) {
  Sha256Octets digest;
  crypto_hash_sha256(digest.data(), octets.data(), octets.size());
  return digest;
}

bool equal(const Sha256Octets& a, const Sha256Octets& b) {
  return base::equal_in_constant_time(text_of(a), text_of(b));
}

bool read_key(std::string_view text, Sha256Octets& key) {
  const auto octets = base::decode_base64(text);
  if (!octets || octets->size() != key.size())
    return false;
  std::ranges::copy(octets->reveal(), key.begin());
  return true;
}

/// Computes the two keys of RFC 5802 section 3 that a server keeps.
void derive_keys(ScramVerifier& verifier, std::string_view password) {
  const auto salted = pbkdf2(password, verifier.salt, verifier.iterations);
  verifier.stored_key = sha256(hmac(text_of(salted), "Client Key"));
  verifier.server_key = hmac(text_of(salted), "Server Key");
}

std::optional<Cost> scram_cost(std::string_view hash) {
  const auto verifier = parse_scram(hash);
  if (!verifier)
    return {};
  return Cost{0, operations(verifier->iterations, hmac_rounds_an_operation)};
}

/// Both keys have to fit: with one wrong key, logins by SCRAM would fail.
bool verify_scram(const std::string& hash, std::string_view password) {
  const auto stored = parse_scram(hash);
  if (!stored)
    return false;
  ScramVerifier made{stored->iterations, stored->salt};
  derive_keys(made, password);
  const bool client_fits = equal(made.stored_key, stored->stored_key);
  return equal(made.server_key, stored->server_key) && client_fits;
}

} // namespace

std::optional<ScramVerifier> parse_scram(std::string_view text) {
  if (take_prefix(text, "{") && !base::equal_ignoring_case(take_field(text, '}'), scheme_name))
    return {};
  ScramVerifier verifier;
  const auto iterations = base::parse_unpadded_number<std::uint32_t>(take_field(text, ','));
  const auto salt = base::decode_base64(take_field(text, ','));
  if (!iterations || *iterations < least_scram_iterations || !salt ||
      salt->size() < least_scram_salt || salt->size() > most_scram_salt ||
      !read_key(take_field(text, ','), verifier.stored_key) || !read_key(text, verifier.server_key))
    return {};
  verifier.iterations = *iterations;
  verifier.salt = salt->reveal();
  return verifier;
}

std::string to_text(const ScramVerifier& verifier) {
  return "{" + std::string(scheme_name) + "}" + std::to_string(verifier.iterations) + "," +
         base::encode_base64(verifier.salt) + "," +
         base::encode_base64(text_of(verifier.stored_key)) + "," +
         base::encode_base64(text_of(verifier.server_key));
}

ScramVerifier make_scram(const base::Secret& password, std::uint32_t iterations) {
  assert(iterations >= least_scram_iterations);
  ScramVerifier verifier{iterations, std::string(scram_salt_octets, '\0')};
  randombytes_buf(verifier.salt.data(), verifier.salt.size());
  derive_keys(verifier, password.reveal());
  return verifier;
}

std::optional<Sha256Octets> check_proof(const ScramVerifier& verifier,
                                        std::string_view auth_message, const Sha256Octets& proof) {
  auto client_key = hmac(text_of(verifier.stored_key), auth_message);
  for (std::size_t i = 0; i < client_key.size(); ++i)
    client_key[i] ^= proof[i];
  const bool fits = equal(sha256(client_key), verifier.stored_key);
  const auto signature = hmac(text_of(verifier.server_key), auth_message);
  return fits ? std::optional(signature) : std::nullopt;
}

ScramVerifier decoy_scram(std::string_view name, const base::Secret& site_key,
                          const ScramParameters& parameters) {
  const auto key = site_key.reveal();
  if (key.size() < base::KeyedDigest::least_key || key.size() > base::KeyedDigest::most_key)
    throw std::invalid_argument("the length of the site's key");
  ScramVerifier verifier{parameters.iterations, {}};
  for (const auto* purpose : {"sodapop-salt", "sodapop-salt-2"})
    verifier.salt += text_of(personal_digest(purpose, name, key));
  static_assert(2 * sizeof(Digest) == most_scram_salt);
  assert(parameters.salt_octets <= most_scram_salt);
  verifier.salt.resize(parameters.salt_octets);
  // The input for which SHA-256 gives this is unknown, so no proof fits.
  verifier.stored_key = personal_digest("sodapop-stored", name, key);
  verifier.server_key = personal_digest("sodapop-server", name, key);
  return verifier;
}

std::string scram_tag(std::string_view hash) {
  constexpr std::size_t tag_octets = 8;
  const auto digest = personal_digest("sodapop-scram-1", hash);
  return base::hex(std::span(digest).first(tag_octets));
}

std::span<const Scheme> scram_schemes() {
  static constexpr std::array schemes{Scheme{scheme_name, "", scram_cost, verify_scram}};
  return schemes;
}

} // namespace passwords
