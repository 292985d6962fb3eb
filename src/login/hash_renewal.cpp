// SPDX-License-Identifier: ISC
#include "login/hash_renewal.hpp"

#include "base/system_error.hpp"
#include "passwords/password_hash.hpp"
#include "sandbox/stack_canary.hpp"
#include "users/authenticate.hpp"
#include "users/compiled_users.hpp"
#include "users/scram_entry.hpp"
#include "users/users_editor.hpp"

#include <fcntl.h>
#include <grp.h>
#include <stdexcept>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace login {

namespace {

using users::User;

constexpr std::chrono::milliseconds lock_timeout{100};

/// What is no Argon2id, or malformed, is outdated. A hash that is too costly would lock the user
/// out.
bool is_acceptable_hash(const std::string& hash, const config::Settings& settings) {
  return !passwords::is_outdated(hash) &&
         within(*passwords::cost_of(hash), users::ceiling_of(settings));
}

/// Lets root give a new file the group of the old one without the capability for it, which the
/// monitor has given up: any owner may give a file a group that it is in itself.
void join_group_of(const std::string& path) {
  struct stat facts {};
  if (geteuid() == 0 && stat(path.c_str(), &facts) == 0)
    base::check(setgroups(1, &facts.st_gid), "setgroups");
}

/// False when the line has another hash by now.
bool rewrite(const User& user, const std::string& hash, const config::Settings& settings) {
  if (!is_acceptable_hash(hash, settings))
    throw std::runtime_error("the verifier has made no hash");
  join_group_of(settings.users);
  users::UsersEditor editor(settings.users, users::UsersEditor::WhenMissing::fail, lock_timeout);
  if (!editor.replace_hash(user.name, hash, user.hash))
    return false;
  if (const auto verifier = users::verifier_of(user))
    editor.set_extra(user.name, "sodapop_scram", users::scram_entry(*verifier, hash));
  editor.commit();
  return true;
}

/// Logs that the hash was renewed, or why not.
void log_renewal(const std::string& user, std::string_view problem, const base::Log& log) {
  base::Event event("rehash", problem.empty() ? base::Level::info : base::Level::warning);
  event.with("user", user);
  if (!problem.empty())
    event.with_quoted("problem", problem);
  log.write(event);
}

[[noreturn]] __attribute__((no_stack_protector, noinline)) void
run_child(const User& user, const std::string& hash, const config::Settings& settings,
          const base::Log& log) noexcept {
  bool is_renewed = false;
  try {
    sandbox::renew_stack_canary();
    is_renewed = rewrite(user, hash, settings);
    if (is_renewed)
      log_renewal(user.name, "", log);
  } catch (const std::exception& error) {
    log_renewal(user.name, error.what(), log);
  }
  _exit(is_renewed ? 0 : 1);
}

} // namespace

bool can_renew(const std::string& path) {
  struct stat facts {};
  const auto directory = path.substr(0, path.rfind('/') + 1);
  return access((path + std::string(users::compiled_suffix)).c_str(), F_OK) != 0 &&
         stat(path.c_str(), &facts) == 0 && facts.st_size <= max_renewed_users &&
         faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
}

bool renew_hash(const User& user, const std::string& hash, const config::Settings& settings,
                const base::Log& log) {
  const pid_t child = fork();
  if (child == 0)
    run_child(user, hash, settings, log);
  int status = -1;
  if (child > 0)
    waitpid(child, &status, 0);
  if (!WIFEXITED(status))
    log_renewal(user.name, "there is no process for it, or it was killed", log);
  return status == 0;
}

} // namespace login
