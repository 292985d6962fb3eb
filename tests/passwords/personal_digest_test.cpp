// SPDX-License-Identifier: ISC
#include "passwords/personal_digest.hpp"

#include <doctest/doctest.h>
#include <iterator>
#include <sodium/utils.h>
#include <string>

using passwords::index_key;

namespace {

const std::string hash = "{ARGON2ID}$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA";

std::string hexadecimal(const passwords::IndexKey& key) {
  char text[2 * sizeof(passwords::IndexKey) + 1];
  return sodium_bin2hex(text, std::size(text), key.data(), key.size());
}

} // namespace

TEST_CASE("the key of an index is keyed and personalised BLAKE2b of name and stored hash") {
  // From an independent implementation: Python's hashlib.blake2b with person=b"sodapop-index-2".
  std::string site_key;
  for (char octet = 0; octet < 32; ++octet)
    site_key += octet;
  CHECK(hexadecimal(index_key(site_key, "alice", hash)) ==
        "66f6a4c488fd80997655824c7e6a546e6c232f4de050d1ffbb9e7036c9be28a9");
  CHECK(hexadecimal(index_key("", "alice", "*")) ==
        "2783e83f061820a7ee85c8decae9028cc5d96e00851c4968e99803455d41109e");
}

TEST_CASE("another hash, name or site is another key") {
  const auto key = index_key("site", "alice", hash);
  CHECK(key == index_key("site", "alice", hash));
  CHECK(key != index_key("side", "alice", hash));
  CHECK(key != index_key("site", "bob", hash));
  CHECK(key !=
        index_key("site", "alice", "{ARGON2ID}$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHU$aGFzaA"));
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

TEST_CASE("the digest of a name is keyed and personalised BLAKE2b") {
  // From Python's hashlib.blake2b, digest_size=32, person=b"sodapop-name".
  CHECK(hexadecimal(passwords::name_digest("site", "alice")) ==
        "7d9b04a0f3c6865f2174284611979d8e697d91bb6e143ed5a5b74b51f80dbf66");
  CHECK(passwords::name_digest("side", "alice") != passwords::name_digest("site", "alice"));
}
