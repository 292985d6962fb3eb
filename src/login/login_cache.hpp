// SPDX-License-Identifier: ISC
// The cache of good logins as a login uses it. The hash in the users file decides and the cache
// only saves time, so a problem with the cache is logged once and never causes a refusal.
#pragma once

#include "base/log.hpp"
#include "config/settings.hpp"
#include "state/auth_cache.hpp"

#include <optional>
#include <string_view>

namespace login {

class LoginCache {
 public:
  /// Stays empty where `auth_cache` is 0; no file is made or opened then. The log must outlive this
  /// object.
  LoginCache(const config::Settings& settings, const base::Log& log);

  /// As in state::AuthCache, for the current time. After a failure knows() gives false, and
  /// remember() does nothing.
  bool knows(std::string_view name, const base::Secret& password,
             std::optional<std::string_view> hash);
  void remember(std::string_view name, const base::Secret& password, std::string_view hash);

 private:
  template <class Act> bool with_cache(const Act& act);
  void give_up(std::string_view problem);

  const base::Log& log_;
  std::optional<state::AuthCache> cache_;
};

} // namespace login
