// SPDX-License-Identifier: ISC
#include "credentials/password_hash.hpp"

#include "base/system_error.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <optional>
#include <sodium/core.h>
#include <sodium/crypto_pwhash.h>
#include <sys/mman.h>

namespace credentials {

namespace {

/// A scheme, and what its functions take is the hash without {SCHEME}.
struct Scheme {
  std::string_view name;
  std::string_view prefix;
  std::optional<Cost> (*cost_of)(std::string_view hash);
  bool (*verify)(const std::string& hash, std::string_view password);
};

constexpr std::array preset_table{
    Preset{"owasp", owasp_cost},
    Preset{"interactive", {crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_OPSLIMIT_INTERACTIVE}},
    Preset{"moderate", {crypto_pwhash_MEMLIMIT_MODERATE, crypto_pwhash_OPSLIMIT_MODERATE}},
    Preset{"sensitive", {crypto_pwhash_MEMLIMIT_SENSITIVE, crypto_pwhash_OPSLIMIT_SENSITIVE}},
};

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected))
    return false;
  text.remove_prefix(expected.size());
  return true;
}

/// A decimal number from 1, behind `label`.
std::optional<std::uint32_t> take_number(std::string_view& text, std::string_view label) {
  std::uint32_t number = 0;
  if (!take(text, label) || text.starts_with('0'))
    return {};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc())
    return {};
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  return number;
}

bool is_base64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

/// A `$` and the unpadded base64 of at least `least` octets.
bool take_octets(std::string_view& text, std::size_t least) {
  if (!take(text, "$"))
    return false;
  const auto length = std::min(text.find('$'), text.size());
  const auto octets = text.substr(0, length);
  text.remove_prefix(length);
  return length % 4 != 1 && length * 3 / 4 >= least && std::ranges::all_of(octets, is_base64);
}

/// The encoding of the Argon2 reference implementation, which RFC 9106 leaves to it.
std::optional<Cost> argon2_cost(std::string_view hash, std::string_view prefix) {
  constexpr std::size_t most_octets = 512;
  constexpr std::size_t least_salt = 8;
  constexpr std::size_t least_output = 16;
  constexpr std::uint64_t block = 1024;
  constexpr std::uint64_t blocks_a_lane = 8;
  constexpr std::uint64_t most_lanes = 0xffffff;
  if (hash.size() > most_octets || !take(hash, prefix) || !take(hash, "v=19"))
    return {};
  const auto blocks = take_number(hash, "$m=");
  const auto passes = take_number(hash, ",t=");
  const auto lanes = take_number(hash, ",p=");
  if (!blocks || !passes || !lanes || *lanes > most_lanes || *blocks < blocks_a_lane * *lanes)
    return {};
  if (!take_octets(hash, least_salt) || !take_octets(hash, least_output) || !hash.empty())
    return {};
  return Cost{*blocks * block, *passes};
}

std::optional<Cost> argon2id_cost(std::string_view hash) {
  return argon2_cost(hash, crypto_pwhash_argon2id_STRPREFIX);
}

std::optional<Cost> argon2i_cost(std::string_view hash) {
  return argon2_cost(hash, crypto_pwhash_argon2i_STRPREFIX);
}

/// libsodium must not be given a null pointer, not even for no octets.
const char* octets_of(std::string_view text) {
  return text.empty() ? "" : text.data();
}

bool argon2_verify(const std::string& hash, std::string_view password) {
  prepare_to_verify();
  return crypto_pwhash_str_verify(hash.c_str(), octets_of(password), password.size()) == 0;
}

/// libsodium does not tell a password that does not fit from memory that it did not get. So the
/// memory is asked for once before, with what Argon2 needs beside its blocks, and given back
/// untouched.
void require_memory(std::uint64_t octets) {
  const auto size = static_cast<std::size_t>(octets + octets / 256 + 65536);
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    base::throw_errno("memory for a password hash");
  ::munmap(memory, size);
}

constexpr std::array schemes{
    Scheme{"ARGON2ID", crypto_pwhash_argon2id_STRPREFIX, argon2id_cost, argon2_verify},
    Scheme{"ARGON2I", crypto_pwhash_argon2i_STRPREFIX, argon2i_cost, argon2_verify},
};

bool equal_but_for_case(std::string_view text, std::string_view capitals) {
  return std::ranges::equal(text, capitals, [](char a, char b) {
    return (a >= 'a' && a <= 'z' ? static_cast<char>(a - 'a' + 'A') : a) == b;
  });
}

struct Split {
  const Scheme* scheme = nullptr;
  std::string_view hash;
};

Split split(std::string_view stored) {
  if (!stored.starts_with('{')) {
    for (const auto& scheme : schemes)
      if (stored.starts_with(scheme.prefix))
        return {&scheme, stored};
    return {};
  }
  const auto close = stored.find('}');
  if (close == std::string_view::npos)
    return {};
  for (const auto& scheme : schemes)
    if (equal_but_for_case(stored.substr(1, close - 1), scheme.name))
      return {&scheme, stored.substr(close + 1)};
  return {};
}

bool can_be_made(const Cost& cost) {
  return cost.memory >= least_cost.memory && cost.operations >= least_cost.operations &&
         within(cost, greatest_cost);
}

} // namespace

void prepare_to_verify() {
  static const int state = sodium_init();
  if (state < 0)
    throw std::system_error(EIO, std::generic_category(), "sodium_init");
}

std::span<const Preset> presets() {
  return preset_table;
}

std::string_view sentence(HashProblem problem) {
  switch (problem) {
  case HashProblem::unknown_scheme: return "the password scheme is none of ARGON2ID and ARGON2I";
  case HashProblem::malformed: return "the password hash is malformed";
  }
  return "unknown problem";
}

base::Result<std::string_view, HashProblem> scheme_of(std::string_view stored) {
  if (const auto* scheme = split(stored).scheme)
    return scheme->name;
  return base::Refused{HashProblem::unknown_scheme};
}

base::Result<Cost, HashProblem> cost_of(std::string_view stored) {
  const auto [scheme, hash] = split(stored);
  if (scheme == nullptr)
    return base::Refused{HashProblem::unknown_scheme};
  if (const auto cost = scheme->cost_of(hash))
    return *cost;
  return base::Refused{HashProblem::malformed};
}

bool verify(std::string_view stored, const base::Secret& password) {
  const auto [scheme, hash] = split(stored);
  const auto cost = scheme != nullptr ? scheme->cost_of(hash) : std::nullopt;
  if (!cost)
    return false;
  require_memory(cost->memory);
  return scheme->verify(std::string(hash), password.reveal());
}

std::string make(const base::Secret& password, const Cost& cost) {
  assert(can_be_made(cost));
  prepare_to_verify();
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  const auto clear = password.reveal();
  if (crypto_pwhash_str_alg(hash.data(), octets_of(clear), clear.size(), cost.operations,
                            static_cast<std::size_t>(cost.memory),
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    base::throw_errno("make a password hash");
  return std::string("{ARGON2ID}") + hash.data();
}

std::string decoy(const Cost& cost) {
  assert(can_be_made(cost));
  // Salt and output of the lengths that make gives, all zero.
  return "{ARGON2ID}$argon2id$v=19$m=" + std::to_string(cost.memory / 1024) +
         ",t=" + std::to_string(cost.operations) + ",p=1$" + std::string(22, 'A') + "$" +
         std::string(43, 'A');
}

} // namespace credentials
