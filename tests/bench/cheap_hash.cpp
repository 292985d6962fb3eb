// SPDX-License-Identifier: ISC
// cheap_hash PASSWORD: prints an Argon2id hash of the password with the least cost of libsodium,
// one pass over 8 KiB, so that sessions and not hashes are measured.
#include <array>
#include <cstdio>
#include <cstring>
#include <sodium.h>

int main(int argc, char** argv) {
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (argc != 2 || sodium_init() < 0 ||
      crypto_pwhash_str_alg(hash.data(), argv[1], std::strlen(argv[1]), crypto_pwhash_OPSLIMIT_MIN,
                            crypto_pwhash_MEMLIMIT_MIN, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return 1;
  std::puts(hash.data());
}
