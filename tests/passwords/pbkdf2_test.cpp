// SPDX-License-Identifier: ISC
#include "passwords/pbkdf2.hpp"

#include "base/hex.hpp"

#include <doctest/doctest.h>

using passwords::hmac;
using passwords::pbkdf2;

TEST_CASE("the examples of RFC 7914 section 11 begin with this output") {
  CHECK(base::hex(pbkdf2("passwd", "salt", 1)) ==
        "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
  CHECK(base::hex(pbkdf2("Password", "NaCl", 80000)) ==
        "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56");
}

TEST_CASE("the inputs of RFC 6070 give what is known for SHA-256") {
  CHECK(base::hex(pbkdf2("password", "salt", 1)) ==
        "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b");
  CHECK(base::hex(pbkdf2("password", "salt", 2)) ==
        "ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43");
  CHECK(base::hex(pbkdf2("password", "salt", 4096)) ==
        "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a");
}

TEST_CASE("password and salt may be empty") {
  CHECK(pbkdf2("", "", 1) != pbkdf2("", "x", 1));
  CHECK(pbkdf2({}, {}, 2) == pbkdf2("", "", 2));
}

TEST_CASE("the second example of RFC 4231 is right") {
  CHECK(base::hex(hmac("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}
