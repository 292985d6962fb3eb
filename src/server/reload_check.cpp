// SPDX-License-Identifier: ISC
#include "server/reload_check.hpp"

#include "base/system_error.hpp"
#include "sandbox/identity.hpp"
#include "users/users_file.hpp"

#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>

namespace server {

namespace {

void require_a_user(const std::string& path) {
  const auto file = users::UsersFile::open(path);
  if (!file)
    throw std::runtime_error(path + " " + std::string(description(file.error())));
  bool has_user = false;
  const auto stop_at_the_first = [&](const users::User&, std::uint64_t, std::string_view) {
    has_user = true;
    return false;
  };
  file->for_each(stop_at_the_first, {});
  if (!has_user)
    throw std::runtime_error(path + " has no user");
}

} // namespace

void require_servable(const config::Settings& settings) {
  if (settings.checkpassword.empty())
    require_a_user(settings.users);
  const auto files = settings.runtime_directory + "/.";
  base::check(faccessat(AT_FDCWD, files.c_str(), W_OK | X_OK, AT_EACCESS),
              "cannot use runtime-directory " + settings.runtime_directory);
  if (geteuid() == 0)
    sandbox::open_empty_root(settings.front_root());
}

} // namespace server
