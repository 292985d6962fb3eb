// SPDX-License-Identifier: ISC
#include "tokens/public_key.hpp"

#include "base/base64.hpp"
#include "configuration_paths.hpp"
#include "support/child.hpp"
#include "token_vectors.hpp"

#include <cstdlib>
#include <doctest/doctest.h>
#include <new>
#include <ostream>
#include <sys/resource.h>

using tokens::Algorithm;
using tokens::PublicKey;

namespace {

std::string decoded(std::string_view text) {
  return std::string(base::decode_base64(text, base::Base64::url)->reveal());
}

/// The decoded value of `name` in a key of the vectors.
std::string number_in(const std::string& key, const std::string& name) {
  const auto begin = key.find("\"" + name + "\":\"") + name.size() + 4;
  return decoded(std::string_view(key).substr(begin, key.find('"', begin) - begin));
}

PublicKey rfc8037() {
  return PublicKey::ed25519(number_in(vectors::ed25519_key, "x")).value();
}

void use_all_memory() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_AS, &none);
  for (std::size_t octets = 1 << 20; octets >= 16; octets /= 2)
    while (void* const memory = malloc(octets))
      static_cast<char*>(memory)[0] = 1;
}

std::string exponent() {
  return {1, 0, 1};
}

/// An odd number of `bits` bits.
std::string modulus_of(std::size_t bits) {
  std::string number((bits + 7) / 8, '\x55');
  number.front() = static_cast<char>(1u << (bits - 1) % 8);
  return number;
}

/// Checks that the signature is right and that similar signatures and messages are wrong.
void check_vector(const PublicKey& key, const std::string& signature, const std::string& message) {
  CHECK(key.verifies(signature, message));
  for (std::size_t i = 0; i < signature.size(); i += 7) {
    auto other = signature;
    other[i] = static_cast<char>(other[i] ^ 1);
    CHECK_FALSE_MESSAGE(key.verifies(other, message), i);
  }
  CHECK_FALSE(key.verifies(signature, message + " "));
  CHECK_FALSE(key.verifies(signature, ""));
  for (const auto& wrong : {std::string(), signature.substr(1), signature + '\0', '\0' + signature,
                            signature.substr(0, signature.size() - 1), signature + signature,
                            std::string(signature.size(), '\0')})
    CHECK_FALSE_MESSAGE(key.verifies(wrong, message), wrong.size());
}

} // namespace

TEST_CASE("Ed25519: the example of RFC 8037 appendix A.5") {
  check_vector(rfc8037(), decoded(vectors::ed25519_signature),
               std::string(vectors::ed25519_message));
}

TEST_CASE("RS256: the example of RFC 7515 appendix A.2") {
  const auto key = PublicKey::rsa(number_in(vectors::rsa_key, "n"), exponent());
  REQUIRE(key.has_value());
  check_vector(*key, decoded(vectors::rsa_signature), std::string(vectors::rsa_message));
}

TEST_CASE("ES256: the example of RFC 7515 appendix A.3") {
  const auto key =
      PublicKey::p256(number_in(vectors::p256_key, "x"), number_in(vectors::p256_key, "y"));
  REQUIRE(key.has_value());
  check_vector(*key, decoded(vectors::p256_signature), std::string(vectors::p256_message));
}

TEST_CASE("a lack of memory is no wrong signature" * doctest::skip(SODAPOP_SANITIZED != 0)) {
  const auto rsa = PublicKey::rsa(number_in(vectors::rsa_key, "n"), exponent());
  const auto p256 =
      PublicKey::p256(number_in(vectors::p256_key, "x"), number_in(vectors::p256_key, "y"));
  const auto rsa_signature = decoded(vectors::rsa_signature);
  const auto p256_signature = decoded(vectors::p256_signature);
  int failures = 0;
  for (std::size_t left = 16; left <= 16'384; left += left / 2) {
    CAPTURE(left);
    for (const bool is_rsa : {true, false}) {
      support::Child child([&] {
        void* const last = malloc(left);
        use_all_memory();
        free(last);
        try {
          return (is_rsa ? rsa->verifies(rsa_signature, vectors::rsa_message)
                         : p256->verifies(p256_signature, vectors::p256_message))
                     ? 0
                     : 1;
        } catch (const std::bad_alloc&) {
          return 2;
        }
      });
      const int status = child.exit_status();
      CHECK((status == 0 || status == 2));
      failures += status == 2 ? 1 : 0;
    }
  }
  CHECK(failures > 0);
}

TEST_CASE("RS256: OpenSSL's signature by a key of the greatest length") {
  const auto key = PublicKey::rsa(decoded(vectors::large_modulus), exponent());
  REQUIRE(key.has_value());
  CHECK(key->verifies(decoded(vectors::large_signature), "8192 bits"));
  CHECK_FALSE(key->verifies(decoded(vectors::large_signature), "8191 bits"));
}

TEST_CASE("a modulus has 2048 to 8192 bits") {
  using tokens::greatest_modulus, tokens::least_modulus;
  for (const auto bits : {least_modulus, least_modulus + 1, greatest_modulus - 1, greatest_modulus})
    CHECK_MESSAGE(PublicKey::rsa(modulus_of(bits), exponent()).has_value(), bits);
  for (const auto bits : {std::size_t{8}, std::size_t{1024}, least_modulus - 1,
                          greatest_modulus + 1, greatest_modulus * 8})
    CHECK_FALSE_MESSAGE(PublicKey::rsa(modulus_of(bits), exponent()), bits);
}

TEST_CASE("an RSA number is odd and has no octet too many") {
  const auto modulus = modulus_of(2048);
  CHECK_FALSE(PublicKey::rsa('\0' + modulus, exponent()));
  CHECK_FALSE(PublicKey::rsa(modulus.substr(0, modulus.size() - 1) + "\x02", exponent()));
  CHECK_FALSE(PublicKey::rsa("", exponent()));
  CHECK_FALSE(PublicKey::rsa(modulus, ""));
  CHECK_FALSE(PublicKey::rsa(modulus, '\0' + exponent()));
  CHECK_FALSE(PublicKey::rsa(modulus, "\x02"));
  CHECK_FALSE(PublicKey::rsa(modulus, "\x01"));
  CHECK(PublicKey::rsa(modulus, "\x03").has_value());
}

TEST_CASE("an exponent has at most four octets") {
  const auto modulus = modulus_of(2048);
  CHECK(PublicKey::rsa(modulus, std::string(tokens::longest_exponent - 1, '\x7f')));
  CHECK(PublicKey::rsa(modulus, std::string(tokens::longest_exponent, '\x7f')));
  CHECK_FALSE(PublicKey::rsa(modulus, std::string(tokens::longest_exponent + 1, '\x7f')));
}

TEST_CASE("a point has two coordinates of 32 octets and is on its curve") {
  const auto x = number_in(vectors::p256_key, "x"), y = number_in(vectors::p256_key, "y");
  CHECK(PublicKey::p256(x, y).has_value());
  CHECK_FALSE(PublicKey::p256(y, x));
  CHECK_FALSE(PublicKey::p256(x, x));
  CHECK_FALSE(PublicKey::p256(x + y, ""));
  CHECK_FALSE(PublicKey::p256(x.substr(1), y));
  CHECK_FALSE(PublicKey::p256(x, '\0' + y));
  CHECK_FALSE(PublicKey::p256("", ""));
  CHECK_FALSE(PublicKey::p256(std::string(32, '\0'), std::string(32, '\0')));
  CHECK_FALSE(PublicKey::p256(std::string(32, '\xff'), y)); // not below the field's prime
}

TEST_CASE("a signature of ES256 with a zero or with the order of the curve in it is wrong") {
  const auto key =
      PublicKey::p256(number_in(vectors::p256_key, "x"), number_in(vectors::p256_key, "y"));
  const auto good = decoded(vectors::p256_signature);
  const std::string zero(32, '\0');
  const auto order = decoded("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE");
  for (const auto& number : {zero, order}) {
    CHECK_FALSE(key->verifies(number + good.substr(32), vectors::p256_message));
    CHECK_FALSE(key->verifies(good.substr(0, 32) + number, vectors::p256_message));
    CHECK_FALSE(key->verifies(number + number, vectors::p256_message));
  }
}

TEST_CASE("an Ed25519 key has 32 octets, and one of small order signs nothing") {
  const std::string_view octets = "0123456789abcdef0123456789abcdef0";
  CHECK_FALSE(PublicKey::ed25519(octets.substr(0, 31)));
  CHECK(PublicKey::ed25519(octets.substr(0, 32)).has_value());
  CHECK_FALSE(PublicKey::ed25519(octets));
  const auto neutral = '\1' + std::string(31, '\0');
  CHECK_FALSE(PublicKey::ed25519(neutral)->verifies(neutral + std::string(32, '\0'), "anything"));
}

TEST_CASE("a key knows its algorithm, whose name is compared letter by letter") {
  CHECK(rfc8037().algorithm() == Algorithm::eddsa);
  for (const auto algorithm : {Algorithm::eddsa, Algorithm::rs256, Algorithm::es256})
    CHECK(tokens::algorithm_named(tokens::name(algorithm)) == algorithm);
  CHECK(tokens::algorithm_named("EdDSA") == Algorithm::eddsa);
  for (const auto* other : {"", "none", "None", "NONE", "HS256", "RS384", "RS512", "PS256", "ES384",
                            "ES256K", "Ed448", "eddsa", "EDDSA", "rs256", "RS256 ", "RS25"})
    CHECK_FALSE_MESSAGE(tokens::algorithm_named(other), other);
}
