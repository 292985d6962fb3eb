// SPDX-License-Identifier: ISC
#include "login/login_cache.hpp"

#include <system_error>

namespace login {

LoginCache::LoginCache(const config::Settings& settings, const base::Log& log) : log_(log) {
  if (settings.auth_cache == 0)
    return;
  try {
    auto cache = state::AuthCache::open(settings.runtime_directory, settings.auth_cache);
    if (cache)
      cache_ = std::move(*cache);
    else
      give_up(cache.error());
  } catch (const std::system_error& error) {
    give_up(error.what());
  }
}

bool LoginCache::knows(std::string_view name, const base::Secret& password,
                       std::optional<std::string_view> hash) {
  return with_cache([&](auto now) { return cache_->knows(name, password, hash, now); });
}

void LoginCache::remember(std::string_view name, const base::Secret& password,
                          std::string_view hash) {
  with_cache([&](auto now) { return cache_->remember(name, password, hash, now), true; });
}

template <class Act> bool LoginCache::with_cache(const Act& act) {
  try {
    return cache_ && act(state::seconds_since_boot());
  } catch (const std::system_error& error) {
    give_up(error.what());
    return false;
  }
}

void LoginCache::give_up(std::string_view problem) {
  cache_.reset();
  log_.write(base::Event("auth-cache", base::Level::warning).with_quoted("problem", problem));
}

} // namespace login
