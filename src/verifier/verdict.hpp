// SPDX-License-Identifier: ISC
// The verdict on a login. That on a checkpassword program is the message of a verifier. The monitor
// acts on a verdict only if is_acceptable() is true.
#pragma once

#include "config/settings.hpp"
#include "ipc/answer.hpp"
#include "passwords/personal_digest.hpp"

#include <array>
#include <climits>
#include <cstdint>
#include <string_view>
#include <sys/types.h>

namespace verifier {

/// Octets of a name or label with its NUL.
constexpr std::size_t max_verdict_name = 256;

/// Has one fixed size. Texts end with a NUL; an array without text begins with a NUL.
struct Verdict {
  enum class Kind : std::uint8_t { granted, refused, temporary, permanent, last = permanent };
  Kind kind = Kind::temporary;
  std::uint8_t is_read_only = 0;
  std::array<std::uint8_t, 2> reserved{};
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::array<char, PATH_MAX> maildir{};        ///< Absolute.
  std::array<char, max_verdict_name> name{};   ///< The user's name, as the site writes it.
  std::array<char, max_verdict_name> label{};  ///< Of the app password that was used, if any.
  std::array<char, pop3::max_hint + 1> hint{}; ///< With refused: a reason for the client.
  passwords::IndexKey index_key{};             ///< For the keeper only.
};

/// Copies `text` into one of a verdict's arrays, cut if necessary so that it ends with a NUL.
template <std::size_t Size> void put(std::array<char, Size>& target, std::string_view text) {
  text.copy(target.data(), target.size() - 1);
}

/// The text of one of a verdict's arrays, up to its first NUL or to its end.
template <std::size_t Size> std::string_view text_of(const std::array<char, Size>& octets) {
  const std::string_view all(octets.data(), octets.size());
  return all.substr(0, all.find('\0'));
}

/// True when a monitor with the uid `own` may act on a granted verdict. The path must be absolute
/// and end with a NUL. For root, the uid must be neither 0 nor below the minimum, and the gid must
/// not be 0. For any other account, the uid must be `own`.
inline bool is_acceptable(const Verdict& verdict, const config::Settings& settings, uid_t own) {
  if (verdict.maildir.front() != '/' || verdict.maildir.back() != '\0')
    return false;
  if (own != 0)
    return verdict.uid == own;
  return verdict.uid != 0 && verdict.gid != 0 && verdict.uid >= settings.minimum_uid;
}

} // namespace verifier
