// SPDX-License-Identifier: ISC
#include "monitor/hash_renewal.hpp"

#include "users/authenticate.hpp"
#include "users/compiled_users.hpp"
#include "users/scram_entry.hpp"
#include "users/users_editor.hpp"

#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace monitor {

namespace {

constexpr std::chrono::milliseconds lock_timeout{100};

/// Throws std::runtime_error, with a text for the log, when `hash` must not be written.
void require_renewable(const std::string& hash, const config::Settings& settings) {
  // What is no Argon2id, or malformed, is outdated. A hash that is too costly would lock the user
  // out.
  if (passwords::is_outdated(hash) ||
      !within(*passwords::cost_of(hash), users::ceiling_of(settings)))
    throw std::runtime_error("the verifier has made no hash");
  if (access((settings.users + std::string(users::compiled_suffix)).c_str(), F_OK) == 0)
    throw std::runtime_error("a compiled users file is not changed by a login");
}

void rewrite(const std::string& user, const std::string& hash, const config::Settings& settings) {
  require_renewable(hash, settings);
  const auto users = users::UsersFile::open(settings.users);
  if (!users)
    throw std::runtime_error(std::string(description(users.error())));
  if (users->file().facts.st_size > max_renewed_users)
    throw std::runtime_error("the users file is too large to be changed by a login");
  const auto found = users->find(user, {});
  if (!found || !passwords::is_outdated(found->hash))
    return;
  users::UsersEditor editor(settings.users, users::UsersEditor::WhenMissing::fail, lock_timeout);
  if (!editor.replace_hash(user, hash, found->hash))
    return;
  if (const auto verifier = users::verifier_of(*found))
    editor.set_extra(user, "sodapop_scram", users::scram_entry(*verifier, hash));
  editor.commit();
}

/// Logs that the hash was renewed, or why not.
void log_renewal(const std::string& user, std::string_view problem, const base::Log& log) {
  base::Event event("rehash", problem.empty() ? base::Level::info : base::Level::warning);
  event.with("user", user);
  if (!problem.empty())
    event.with_quoted("problem", problem);
  log.write(event);
}

[[noreturn]] void run_child(const std::string& user, const std::string& hash,
                            const config::Settings& settings, const base::Log& log) noexcept {
  std::string problem;
  try {
    rewrite(user, hash, settings);
  } catch (const std::exception& error) {
    problem = error.what();
  }
  log_renewal(user, problem, log);
  _exit(0);
}

} // namespace

void renew_hash(const std::string& user, const std::string& hash, const config::Settings& settings,
                const base::Log& log) {
  const pid_t child = fork();
  if (child == 0)
    run_child(user, hash, settings, log);
  int status = -1;
  if (child > 0)
    waitpid(child, &status, 0);
  if (status != 0)
    log_renewal(user, "there is no process for it, or it was killed", log);
}

} // namespace monitor
