// SPDX-License-Identifier: ISC
#include "passwords/password_hash.hpp"

#include "base/ascii.hpp"
#include "base/system_error.hpp"
#include "passwords/hash_text.hpp"
#include "passwords/scheme.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <sodium/crypto_pwhash.h>
#include <sys/mman.h>

namespace passwords {

namespace {

/// Octets of a hash, far more than one with the longest salt has.
constexpr std::size_t most_octets = 512;

constexpr std::array preset_table{
    Preset{"owasp", owasp_cost},
    Preset{"interactive", {crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_OPSLIMIT_INTERACTIVE}},
    Preset{"moderate", {crypto_pwhash_MEMLIMIT_MODERATE, crypto_pwhash_OPSLIMIT_MODERATE}},
    Preset{"sensitive", {crypto_pwhash_MEMLIMIT_SENSITIVE, crypto_pwhash_OPSLIMIT_SENSITIVE}},
};

// The weak schemes: their stolen hashes are turned back into passwords within hours, or hold the
// password itself. They are known by name so that an administrator is told what to do. The names
// are Dovecot's, those of its former versions included.
constexpr std::string_view weak_names[] = {
    "APOP",      "CLEAR",     "CLEARTEXT",   "CRAM-MD5",  "DES-CRYPT", "DIGEST-MD5", "HMAC-MD5",
    "LANMAN",    "LDAP-MD5",  "MD5",         "MD5-CRYPT", "NTLM",      "OTP",        "PLAIN",
    "PLAIN-MD4", "PLAIN-MD5", "PLAIN-TRUNC", "RPA",       "SHA",       "SHA1",       "SHA256",
    "SHA512",    "SKEY",      "SMD5",        "SSHA",      "SSHA1",     "SSHA256",    "SSHA512",
};

constexpr std::string_view weak_prefixes[] = {"$1$", "$2$", "$2x$", "$3$", "$md5", "$sha1$"};

/// True for a weak scheme. `name` is the text between { and }, with or without an encoding such as
/// `.b64`, in any case.
bool is_weak_scheme(std::string_view name) {
  name = name.substr(0, name.find('.'));
  return std::ranges::any_of(weak_names,
                             [&](auto weak) { return base::equal_ignoring_case(name, weak); });
}

/// True when `hash`, a crypt(3) string without {SCHEME} or after {CRYPT}, is weak: MD5, NT, SHA-1,
/// Sun MD5, the bcrypt with a well-known bug ($2x$), or DES, which has no prefix.
bool is_weak_crypt(std::string_view hash) {
  constexpr std::size_t des_digits = 13, long_des_digits = 19;
  if (is_crypt_text(hash, des_digits, des_digits))
    return true;
  if (hash.starts_with('_') && is_crypt_text(hash.substr(1), long_des_digits, long_des_digits))
    return true;
  return std::ranges::any_of(weak_prefixes, [&](auto prefix) { return hash.starts_with(prefix); });
}

/// The scheme of that name; without a name, the scheme whose prefix the hash has. Where several
/// entries have the name, the one with the prefix; when none has it, the hash is malformed.
const Scheme* find_scheme(std::optional<std::string_view> name, std::string_view hash) {
  const Scheme* found = nullptr;
  for (const auto& schemes : {argon2_schemes(), crypt_schemes(), scrypt_schemes(), scram_schemes()})
    for (const auto& scheme : schemes) {
      const bool has_prefix = !scheme.prefix.empty() && hash.starts_with(scheme.prefix);
      const bool has_name = name && base::equal_ignoring_case(*name, scheme.name);
      if (name ? has_name && (has_prefix || found == nullptr) : has_prefix)
        found = &scheme;
    }
  return found;
}

struct Split {
  const Scheme* scheme;
  std::string_view hash;
};

base::Result<Split, base::Problem> split(std::string_view stored) {
  std::optional<std::string_view> name;
  if (take_prefix(stored, "{")) {
    if (stored.find('}') == stored.npos)
      return base::Refused{hash_problem::unknown_scheme};
    name = take_field(stored, '}');
    if (base::equal_ignoring_case(*name, "CRYPT"))
      name.reset();
  }
  if (const auto* scheme = find_scheme(name, stored))
    return Split{scheme, stored};
  const bool is_weak = name ? is_weak_scheme(*name) : is_weak_crypt(stored);
  return base::Refused{is_weak ? hash_problem::weak_scheme : hash_problem::unknown_scheme};
}

std::optional<Cost> cost_in(const Split& parts) {
  auto rest = parts.hash;
  if (rest.size() > most_octets || !take_prefix(rest, parts.scheme->prefix))
    return {};
  return parts.scheme->cost_of(rest);
}

/// Throws std::system_error when there is not enough memory for a hash, with what Argon2 needs
/// beside its blocks. The memory is mapped and unmapped untouched. This is for the hashes that
/// libsodium compares itself, as it reports a lack of memory in the same way as a wrong password.
void require_memory(std::uint64_t octets) {
  const auto size = static_cast<std::size_t>(octets + octets / 256 + 65536);
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    base::throw_errno("memory for a password hash");
  ::munmap(memory, size);
}

} // namespace

std::span<const Preset> presets() {
  return preset_table;
}

base::Result<std::string_view, base::Problem> scheme_of(std::string_view stored) {
  const auto parts = split(stored);
  if (!parts)
    return base::Refused{parts.error()};
  return parts->scheme->name;
}

base::Result<Cost, base::Problem> cost_of(std::string_view stored) {
  const auto parts = split(stored);
  if (!parts)
    return base::Refused{parts.error()};
  if (const auto cost = cost_in(*parts))
    return *cost;
  return base::Refused{hash_problem::malformed};
}

bool verify(std::string_view stored, const base::Secret& password) {
  const auto parts = split(stored);
  const auto cost = parts ? cost_in(*parts) : std::nullopt;
  if (!cost)
    return false;
  initialise_libsodium();
  require_memory(cost->memory);
  if (parts->scheme->verify(std::string(parts->hash), password.reveal()))
    return true;
  require_memory(cost->memory);
  return false;
}

std::string decoy_like(std::string_view stored) {
  // The output of each scheme is at the end. This replaces all digits of bcrypt's output, and 128
  // bits or more of the others'; of SCRAM-SHA-256, the end of one of the two keys. `A` is a digit
  // of every alphabet, and zero where unused bits have to be zero.
  constexpr std::size_t most_digits = 31;
  [[maybe_unused]] constexpr std::size_t least_digits = 22;
  assert(cost_of(stored));
  std::string decoy(stored);
  const auto end = decoy.find_last_not_of('=') + 1;
  const auto begin =
      std::max(decoy.find_last_of("$,", end) + 1, end > most_digits ? end - most_digits : 0);
  assert(end - begin >= least_digits);
  std::fill(decoy.begin() + static_cast<std::ptrdiff_t>(begin),
            decoy.begin() + static_cast<std::ptrdiff_t>(end), 'A');
  return decoy;
}

bool is_outdated(std::string_view stored, const Cost& wanted) {
  constexpr std::uint64_t unit = 1024; // hashes state memory in whole KiB
  const auto scheme = scheme_of(stored);
  const auto cost = cost_of(stored);
  return !cost || *scheme != "ARGON2ID" ||
         !within({wanted.memory / unit * unit, wanted.operations}, *cost);
}

bool is_cut(std::string_view stored, const base::Secret& password) {
  constexpr std::size_t bcrypt_octets = 72;
  const auto scheme = scheme_of(stored);
  return scheme && *scheme == "BLF-CRYPT" && password.size() > bcrypt_octets;
}

} // namespace passwords
