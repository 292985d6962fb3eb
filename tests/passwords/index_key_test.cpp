// SPDX-License-Identifier: ISC
#include "passwords/index_key.hpp"

#include <doctest/doctest.h>
#include <iterator>
#include <sodium/utils.h>
#include <string>

using passwords::index_key;

namespace {

std::string hexadecimal(const passwords::IndexKey& key) {
  char text[2 * std::tuple_size_v<passwords::IndexKey> + 1];
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
