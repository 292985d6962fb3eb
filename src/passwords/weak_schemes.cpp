// SPDX-License-Identifier: ISC
#include "passwords/weak_schemes.hpp"

#include "passwords/hash_text.hpp"

#include <algorithm>

namespace passwords {

namespace {

// Dovecot's names, those of its former versions included.
constexpr std::string_view weak_names[] = {
    "APOP",      "CLEAR",     "CLEARTEXT",   "CRAM-MD5",  "DES-CRYPT", "DIGEST-MD5", "HMAC-MD5",
    "LANMAN",    "LDAP-MD5",  "MD5",         "MD5-CRYPT", "NTLM",      "OTP",        "PLAIN",
    "PLAIN-MD4", "PLAIN-MD5", "PLAIN-TRUNC", "RPA",       "SHA",       "SHA1",       "SHA256",
    "SHA512",    "SKEY",      "SMD5",        "SSHA",      "SSHA1",     "SSHA256",    "SSHA512",
};

constexpr std::string_view weak_prefixes[] = {"$1$", "$2$", "$2x$", "$3$", "$md5", "$sha1$"};

} // namespace

bool is_weak_scheme(std::string_view name) {
  name = name.substr(0, name.find('.'));
  return std::ranges::any_of(weak_names, [&](auto weak) { return equal_but_for_case(name, weak); });
}

bool is_weak_crypt(std::string_view hash) {
  constexpr std::size_t des_digits = 13, long_des_digits = 19;
  if (is_crypt_text(hash, des_digits, des_digits))
    return true;
  if (hash.starts_with('_') && is_crypt_text(hash.substr(1), long_des_digits, long_des_digits))
    return true;
  return std::ranges::any_of(weak_prefixes, [&](auto prefix) { return hash.starts_with(prefix); });
}

} // namespace passwords
