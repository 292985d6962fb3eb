// SPDX-License-Identifier: ISC
// What a verifier says to the monitor. It is believed no further than is_acceptable() goes.
#pragma once

#include "config/settings.hpp"
#include "ipc/message.hpp"
#include "passwords/index_key.hpp"

#include <array>
#include <climits>
#include <cstdint>
#include <string_view>

namespace verifier {

/// Octets of a hash that takes the place of an outdated one, with its NUL.
constexpr std::size_t max_new_hash = 192;
/// Octets of a name or label with its NUL.
constexpr std::size_t max_verdict_name = 256;

/// One fixed size; texts end with a NUL. An array without text begins with one.
struct Verdict {
  enum class Kind : std::uint8_t { granted, refused, temporary, permanent, last = permanent };
  Kind kind = Kind::temporary;
  std::uint8_t is_read_only = 0;
  std::uint8_t salt_length = 0; ///< Of `salt`.
  std::uint8_t reserved = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint32_t iterations = 0;                ///< With `salt`: what a SCRAM client is offered.
  std::array<char, PATH_MAX> maildir{};        ///< Absolute.
  std::array<char, max_verdict_name> name{};   ///< The user's, as the site writes it.
  std::array<char, max_verdict_name> label{};  ///< Of the app password that was right, if any.
  std::array<char, pop3::max_hint + 1> hint{}; ///< With refused: what the client may be told.
  std::array<char, max_new_hash> new_hash{};   ///< In the place of an outdated one.
  std::array<char, ipc::max_scram_salt> salt{};
  pop3::ScramSignature signature{};
  passwords::IndexKey index_key{}; ///< For the keeper alone.
};

inline Verdict verdict(Verdict::Kind kind) {
  Verdict verdict;
  verdict.kind = kind;
  return verdict;
}

/// The text of one of a verdict's arrays, which ends at its first NUL or with it.
template <std::size_t Size> std::string_view text_of(const std::array<char, Size>& octets) {
  const std::string_view all(octets.data(), octets.size());
  return all.substr(0, all.find('\0'));
}

/// Whether a granted verdict may be acted on by a monitor whose uid is `own`: a path that is
/// absolute and ends; for root a uid that is not below the minimum and not 0, and no gid 0; for
/// anybody else that same uid.
bool is_acceptable(const Verdict& verdict, const config::Settings& settings, uid_t own);

} // namespace verifier
