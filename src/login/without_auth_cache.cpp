// SPDX-License-Identifier: ISC
// Takes the place of login_cache.cpp in a build without the cache: no login is ever cached.
#include "login/login_cache.hpp"

namespace login {

LoginCache::LoginCache(const config::Settings&, const base::Log& log) : log_(log) {}

bool LoginCache::knows(std::string_view, const base::Secret&, std::optional<std::string_view>) {
  return false;
}

void LoginCache::remember(std::string_view, const base::Secret&, std::string_view) {}

} // namespace login
