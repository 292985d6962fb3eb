// SPDX-License-Identifier: ISC
// An Ed25519 key of an authorization server, and tokens signed by it.
#pragma once

#include <array>
#include <sodium/crypto_sign.h>
#include <sodium/utils.h>
#include <string>
#include <string_view>

inline std::string base64url(std::string_view octets) {
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_ENCODED_LEN(octets.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(octets.data()),
                    octets.size(), variant);
  text.pop_back(); // NUL
  return text;
}

class Signer {
 public:
  explicit Signer(unsigned char number) {
    const std::array<unsigned char, crypto_sign_SEEDBYTES> seed{number};
    crypto_sign_seed_keypair(public_.data(), secret_.data(), seed.data());
  }

  /// `more`: further members, each with a comma before it.
  std::string key(const std::string& more = "") const {
    const std::string_view octets(reinterpret_cast<const char*>(public_.data()), public_.size());
    return R"({"kty":"OKP","crv":"Ed25519","x":")" + base64url(octets) + "\"" + more + "}";
  }

  std::string sign(std::string_view text) const {
    std::array<unsigned char, crypto_sign_BYTES> octets;
    crypto_sign_detached(octets.data(), nullptr,
                         reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                         secret_.data());
    return base64url({reinterpret_cast<const char*>(octets.data()), octets.size()});
  }

  /// A signed token of any header and claims, valid or not.
  std::string token(std::string_view header, std::string_view claims) const {
    const auto text = base64url(header) + "." + base64url(claims);
    return text + "." + sign(text);
  }

 private:
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_;
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret_;
};
