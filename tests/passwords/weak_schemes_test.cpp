// SPDX-License-Identifier: ISC
#include "passwords/weak_schemes.hpp"

#include <doctest/doctest.h>

using passwords::is_weak_crypt;
using passwords::is_weak_scheme;

TEST_CASE("weak schemes are known by name, in any case and with any encoding") {
  for (const auto* name :
       {"PLAIN",     "plain",   "CLEARTEXT",  "MD5",       "SMD5",       "MD5-CRYPT",
        "DES-CRYPT", "SHA",     "SHA1",       "SSHA",      "SHA256",     "SSHA256",
        "SHA512",    "SSHA512", "PLAIN-MD5",  "CRAM-MD5",  "LDAP-MD5",   "NTLM",
        "LANMAN",    "OTP",     "DIGEST-MD5", "PLAIN.b64", "SSHA512.HEX"})
    CHECK(is_weak_scheme(name));
}

TEST_CASE("supported and unknown schemes are not weak ones") {
  for (const auto* name : {"", ".", "ARGON2ID", "SHA512-CRYPT", "SHA256-CRYPT", "BLF-CRYPT",
                           "SCRAM-SHA-256", "PBKDF2", "PLAINX", "PLAI"})
    CHECK_FALSE(is_weak_scheme(name));
}

TEST_CASE("weak crypt strings are known by prefix, those of DES by their length") {
  for (const auto* hash :
       {"$1$W/P.tbBp$Xqz51EI./df5Dt6UHlsGf1", "$2x$04$x", "$3$$8846f7eaee8fb117ad06bdd830b7586c",
        "$md5$x", "$md5,rounds=1$x", "$sha1$x", "ahk6T6RyhAihg", "_J9..rasmBYk8r9AiWNc"})
    CHECK(is_weak_crypt(hash));
  for (const auto* hash : {"", "secret", "ahk6T6RyhAih", "ahk6T6RyhAihgg", "ahk6T6RyhAih:",
                           "$2y$04$x", "$6$x", "_J9..rasmBYk8r9AiWN", "_J9..rasmBYk8r9AiWNcc", "_"})
    CHECK_FALSE(is_weak_crypt(hash));
}
