// SPDX-License-Identifier: ISC
// A client's part of SCRAM-SHA-256 (RFC 5802 section 3), with the arithmetic of pbkdf2.hpp.
#pragma once

#include "passwords/pbkdf2.hpp"
#include "pop3/scram_message.hpp"

#include <sodium/crypto_hash_sha256.h>
#include <string>
#include <string_view>

namespace support {

inline passwords::Sha256Octets sha256(const passwords::Sha256Octets& octets) {
  passwords::Sha256Octets digest{};
  crypto_hash_sha256(digest.data(), octets.data(), octets.size());
  return digest;
}

inline passwords::Sha256Octets hmac(const passwords::Sha256Octets& key, std::string_view text) {
  return passwords::hmac(passwords::text_of(key), text);
}

class ScramClient {
 public:
  ScramClient(std::string name, std::string password)
      : start{name, "n=" + name + ",r=client-nonce", "client-nonce"},
        password_(std::move(password)) {}

  pop3::ScramStart start;

  /// The client's answer to the server's first message.
  pop3::ScramFinal answer(const pop3::ScramOffer& offer) {
    pop3::ScramFinal last{"c=biws,r=" + start.nonce + offer.nonce, {}};
    const auto message = start.message_bare + "," + pop3::server_first(start.nonce, offer) + "," +
                         last.without_proof;
    const auto salted = passwords::pbkdf2(password_, offer.salt, offer.iterations);
    const auto client_key = hmac(salted, "Client Key");
    last.proof = hmac(sha256(client_key), message);
    for (std::size_t i = 0; i < last.proof.size(); ++i)
      last.proof[i] ^= client_key[i];
    expected_ = hmac(hmac(salted, "Server Key"), message);
    return last;
  }
  /// True when the server has proved that it knows the password or its verifier.
  bool accepts(const pop3::ScramSignature& signature) const { return signature == expected_; }

 private:
  std::string password_;
  pop3::ScramSignature expected_{};
};

} // namespace support
