// SPDX-License-Identifier: ISC
// The cache of good logins as the verifier uses it: the hash of the users file is the truth and the
// cache only saves time, so that trouble with it is logged, once, and is never a reason to keep
// anybody out. Opened before the cage closes, asked within.
#pragma once

#include "base/log.hpp"
#include "config/settings.hpp"
#include "state/auth_cache.hpp"

#include <optional>
#include <string_view>

namespace verifier {

class LoginCache {
 public:
  /// Knows nobody where `auth_cache` is 0; no file is made or opened then. The log must outlive it.
  LoginCache(const config::Settings& settings, const base::Log& log);

  /// As AuthCache has them, now; nothing is known after a failure.
  bool may_know(std::string_view name, const base::Secret& password);
  bool knows(std::string_view name, const base::Secret& password, std::string_view hash);
  void remember(std::string_view name, const base::Secret& password, std::string_view hash);

 private:
  template <class Act> bool with_cache(const Act& act);
  void give_up(std::string_view problem);

  const base::Log& log_;
  std::optional<state::AuthCache> cache_;
};

} // namespace verifier
