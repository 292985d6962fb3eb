// SPDX-License-Identifier: ISC
// The verdict on a login. The monitor acts on it only if is_acceptable() is true.
#pragma once

#include "config/settings.hpp"
#include "passwords/personal_digest.hpp"

#include <climits>
#include <cstdint>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace verifier {

struct Verdict {
  enum class Kind : std::uint8_t { granted, refused, temporary, permanent, last = permanent };
  Kind kind = Kind::temporary;
  bool is_read_only = false;
  uid_t uid = 0;
  gid_t gid = 0;
  std::string maildir{};           ///< Absolute.
  std::string name{};              ///< The user's name, as the site writes it.
  std::string label{};             ///< Of the app password that was used, if any.
  std::string hint{};              ///< With refused: a reason for the client.
  passwords::IndexKey index_key{}; ///< For the keeper only.
};

/// Why a monitor with the uid `own` must not act on a granted verdict, as a reason for the log;
/// empty when it may. The path must be absolute and shorter than PATH_MAX. For root, neither uid
/// nor gid may be 0 or below its minimum. For any other account, the uid must be `own`.
inline std::string_view obstacle_to(const Verdict& verdict, const config::Settings& settings,
                                    uid_t own) {
  if (!verdict.maildir.starts_with('/') || verdict.maildir.size() >= PATH_MAX)
    return "no-maildir-path";
  if (own != 0)
    return verdict.uid == own ? "" : "uid-not-served";
  if (verdict.uid == 0 || verdict.uid < settings.minimum_uid)
    return "uid-not-served";
  return verdict.gid == 0 || verdict.gid < settings.minimum_gid ? "gid-not-served" : "";
}

/// True when nothing stands in the way of a granted verdict.
inline bool is_acceptable(const Verdict& verdict, const config::Settings& settings, uid_t own) {
  return obstacle_to(verdict, settings, own).empty();
}

} // namespace verifier
