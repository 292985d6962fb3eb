// SPDX-License-Identifier: ISC
#include "passwords/personal_digest.hpp"

#include <doctest/doctest.h>
#include <iterator>
#include <sodium/utils.h>
#include <string>

using passwords::index_key;

namespace {

std::string hexadecimal(const passwords::IndexKey& key) {
  char text[2 * sizeof(passwords::IndexKey) + 1];
  return sodium_bin2hex(text, std::size(text), key.data(), key.size());
}

} // namespace

TEST_CASE("the key of an index is personalised BLAKE2b of the stored hash") {
  // From an independent implementation: Python's hashlib.blake2b with person=b"sodapop-index-1".
  CHECK(hexadecimal(index_key("")) ==
        "0f1199e670af67563265393bc462f51aba42943926d807a7eb6473e01be3db01");
  CHECK(hexadecimal(index_key("{ARGON2ID}$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA")) ==
        "efe659e640d975473dee16e901aca1562d777d2e3331bb61affeb55a20ea3aef");
}

TEST_CASE("another hash of the same password is another key") {
  CHECK(index_key("{ARGON2ID}$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA") !=
        index_key("{ARGON2ID}$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHU$aGFzaA"));
}

TEST_CASE("purpose, key and salt change a digest") {
  // From Python's hashlib.blake2b, digest_size=32.
  using passwords::personal_digest;
  CHECK(hexadecimal(personal_digest("", "text")) ==
        "b2cf2360422d32610ed5e94cf42b694ce2454ccf4a90b91927d508d4ddf8210a");
  CHECK(hexadecimal(personal_digest("purpose of 16 oc", "text", "key", "salt of 16 octet")) ==
        "58a415dbd6ce5607ed46c4a6e7100fb7eb8475cf17be8b3cbf007ac682b254c1");
  CHECK(personal_digest("a", "text") != personal_digest("b", "text"));
  CHECK(personal_digest("a", "text", "key") != personal_digest("a", "text"));
}
