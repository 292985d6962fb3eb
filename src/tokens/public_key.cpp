// SPDX-License-Identifier: ISC
#include "tokens/public_key.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <mbedtls/ecdsa.h>
#include <mbedtls/rsa.h>
#include <new>
#include <sodium/crypto_hash_sha256.h>
#include <sodium/crypto_sign.h>

namespace tokens {

namespace {

constexpr std::size_t p256_octets = 32; // of a coordinate, and of each half of a signature
constexpr std::array<std::string_view, 3> names = {"EdDSA", "RS256", "ES256"};

const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::array<unsigned char, crypto_hash_sha256_BYTES> sha256(std::string_view message) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash;
  crypto_hash_sha256(hash.data(), octets(message), message.size());
  return hash;
}

/// True when a call of Mbed TLS gave no error. Throws std::bad_alloc for a lack of memory, which
/// says nothing about a key or a signature. Its errors are the sum of a higher and a lower one, of
/// which the lower one has seven bits.
bool succeeded(int result) {
  constexpr int lower = 0x7f;
  const int error = -result;
  if ((error & lower) == -MBEDTLS_ERR_MPI_ALLOC_FAILED ||
      (error & ~lower) == -MBEDTLS_ERR_ECP_ALLOC_FAILED)
    throw std::bad_alloc();
  return result == 0;
}

/// A structure of Mbed TLS, which has to be initialised and freed.
template <class T, auto initialise, auto free> class Handle {
 public:
  Handle() { initialise(&value_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { free(&value_); }

  operator T*() { return &value_; }

 private:
  T value_;
};

struct P256 {
  Handle<mbedtls_ecp_group, mbedtls_ecp_group_init, mbedtls_ecp_group_free> group;
  Handle<mbedtls_ecp_point, mbedtls_ecp_point_init, mbedtls_ecp_point_free> point;

  bool load(std::string_view coordinates) {
    const std::string uncompressed = '\x04' + std::string(coordinates); // SEC 1 section 2.3.4
    return succeeded(mbedtls_ecp_group_load(group, MBEDTLS_ECP_DP_SECP256R1)) &&
           succeeded(mbedtls_ecp_point_read_binary(group, point, octets(uncompressed),
                                                   uncompressed.size())) &&
           succeeded(mbedtls_ecp_check_pubkey(group, point));
  }

  bool verifies(std::string_view signature, std::string_view message) {
    Handle<mbedtls_mpi, mbedtls_mpi_init, mbedtls_mpi_free> r, s;
    const auto hash = sha256(message);
    return signature.size() == 2 * p256_octets &&
           succeeded(mbedtls_mpi_read_binary(r, octets(signature), p256_octets)) &&
           succeeded(mbedtls_mpi_read_binary(s, octets(signature) + p256_octets, p256_octets)) &&
           succeeded(mbedtls_ecdsa_verify(group, hash.data(), hash.size(), point, r, s));
  }
};

void initialise_rsa(mbedtls_rsa_context* context) {
  mbedtls_rsa_init(context, MBEDTLS_RSA_PKCS_V15, 0);
}

struct Rsa {
  Handle<mbedtls_rsa_context, initialise_rsa, mbedtls_rsa_free> context;

  bool load(std::string_view modulus, std::string_view exponent) {
    return succeeded(mbedtls_rsa_import_raw(context, octets(modulus), modulus.size(), nullptr, 0,
                                            nullptr, 0, nullptr, 0, octets(exponent),
                                            exponent.size())) &&
           succeeded(mbedtls_rsa_complete(context)) && succeeded(mbedtls_rsa_check_pubkey(context));
  }

  bool verifies(std::string_view signature, std::string_view message) {
    const auto hash = sha256(message);
    return signature.size() == mbedtls_rsa_get_len(context) &&
           succeeded(mbedtls_rsa_pkcs1_verify(context, nullptr, nullptr, MBEDTLS_RSA_PUBLIC,
                                              MBEDTLS_MD_SHA256, hash.size(), hash.data(),
                                              octets(signature)));
  }
};

std::size_t bits(std::string_view number) {
  return number.size() * 8 - static_cast<std::size_t>(std::countl_zero(*octets(number)));
}

/// True for an odd number with no octet of zero at its beginning.
bool is_odd_and_shortest(std::string_view number) {
  return !number.empty() && number.front() != '\0' && (number.back() & 1) != 0;
}

} // namespace

std::string_view name(Algorithm algorithm) {
  return names[static_cast<std::size_t>(algorithm)];
}

std::optional<Algorithm> algorithm_named(std::string_view name) {
  const auto index = std::ranges::find(names, name) - names.begin();
  return index < std::ssize(names) ? std::optional(static_cast<Algorithm>(index)) : std::nullopt;
}

std::optional<PublicKey> PublicKey::ed25519(std::string_view x) {
  if (x.size() != crypto_sign_PUBLICKEYBYTES)
    return {};
  return PublicKey(Algorithm::eddsa, std::string(x));
}

std::optional<PublicKey> PublicKey::p256(std::string_view x, std::string_view y) {
  auto coordinates = std::string(x).append(y);
  if (x.size() != p256_octets || y.size() != p256_octets || !P256().load(coordinates))
    return {};
  return PublicKey(Algorithm::es256, std::move(coordinates));
}

std::optional<PublicKey> PublicKey::rsa(std::string_view modulus, std::string_view exponent) {
  if (!is_odd_and_shortest(modulus) || !is_odd_and_shortest(exponent) ||
      bits(modulus) < least_modulus || bits(modulus) > greatest_modulus ||
      exponent.size() > longest_exponent || !Rsa().load(modulus, exponent))
    return {};
  return PublicKey(Algorithm::rs256, std::string(modulus), std::string(exponent));
}

bool PublicKey::verifies(std::string_view signature, std::string_view message) const {
  switch (algorithm_) {
  case Algorithm::eddsa:
    return signature.size() == crypto_sign_BYTES &&
           crypto_sign_verify_detached(octets(signature), octets(message), message.size(),
                                       octets(number_)) == 0;
  case Algorithm::rs256: {
    Rsa rsa;
    return rsa.load(number_, exponent_) && rsa.verifies(signature, message);
  }
  case Algorithm::es256: {
    P256 curve;
    return curve.load(number_) && curve.verifies(signature, message);
  }
  }
  return false;
}

} // namespace tokens
