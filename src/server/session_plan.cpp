// SPDX-License-Identifier: ISC
#include "server/session_plan.hpp"

#include "base/system_error.hpp"
#include "base/trusted_directory.hpp"
#include "configuration_paths.hpp"
#include "pop3/limits.hpp"
#include "sandbox/identity.hpp"
#include "state/lost_lines.hpp"
#include "users/location.hpp"

#include <array>
#include <climits>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace server {

namespace {

std::string own_hostname() {
  std::array<char, pop3::max_hostname + 1> name{};
  base::check(gethostname(name.data(), name.size() - 1), "gethostname");
  return name.data();
}

/// The user who started the program, and the Maildir to serve, `maildir` unless it is empty. Throws
/// std::runtime_error.
PreauthenticatedUser find_owner(const std::string& maildir, const config::Settings& settings) {
  if (getuid() == 0)
    throw std::runtime_error("--preauth is for an ordinary user");
  const auto account = base::find_account(getuid());
  const std::string name = account ? account->name : std::to_string(getuid());
  if (maildir.empty()) {
    const auto path = users::locate(settings.maildir, name, account ? account->home : "", "");
    if (!path)
      throw std::runtime_error(std::string(description(path.error())));
    return {name, *path};
  }
  return {name, absolute_path(maildir)};
}

/// The path of this program, which a checkpassword program is to run. If the file was replaced
/// while the program runs, the path leads to the new file. Throws std::runtime_error.
std::string own_path() {
  constexpr std::string_view replaced = " (deleted)";
  std::array<char, PATH_MAX> target;
  const auto size = readlink("/proc/self/exe", target.data(), target.size());
  if (size <= 0)
    throw std::runtime_error("checkpassword needs /proc");
  std::string_view path(target.data(), static_cast<std::size_t>(size));
  if (path.ends_with(replaced))
    path.remove_suffix(replaced.size());
  return std::string(path);
}

/// An unprotected connection refuses every password, so that SCRAM is no loss for users without a
/// SCRAM verifier. On a protected one, a client that prefers SCRAM would not fall back to a
/// password. A checkpassword program can check passwords only.
pop3::SiteMechanisms mechanisms_of(const config::Settings& settings) {
  using Settings = config::Settings;
  if (!settings.checkpassword.empty())
    return {};
  return {.scram_on_protected = settings.scram == Settings::Scram::always,
          .scram_on_unprotected = settings.scram != Settings::Scram::off,
          .tokens = !settings.oauth_keys.empty(),
          .certificates = settings.external != Settings::External::off};
}

pop3::SessionProfile profile_of(const config::Settings& settings) {
  return {.hostname = settings.hostname.empty() ? own_hostname() : settings.hostname,
          .version = SODAPOP_VERSION,
          .site = mechanisms_of(settings),
          .requires_domain = settings.require_domain && settings.default_domain.empty()};
}

/// Makes those that are missing.
void make_directories(const config::Settings& settings) {
  // A host without tmpfiles.d(5) loses /run at every start.
  for (const auto& path : {settings.runtime_directory, settings.front_root()})
    if (mkdir(path.c_str(), 0755) == 0)
      base::check(chmod(path.c_str(), 0755), "chmod"); // independent of the umask
  // A failure is reported where the directory is used; it is no reason to refuse all sessions.
  mkdir(settings.state_directory.c_str(), 0700);
}

/// Refuses a directory in which accounts other than root and this one could change the files.
void require_ours(const std::string& key, const std::string& path) {
  if (const auto problem = base::problem_with_directory(path))
    throw std::runtime_error(key + ": " + *problem);
}

} // namespace

std::optional<uid_t> find_proxy_uid(const config::Settings& settings) {
  if (!settings.has_local_proxies())
    return {};
  const auto account = base::find_account(settings.proxy_account);
  if (!account)
    throw std::runtime_error("there is no account " + settings.proxy_account + " in /etc/passwd");
  if (account->identity.uid == base::overflow_uid)
    throw std::runtime_error("proxy-account: the account " + settings.proxy_account +
                             " stands for all that are not known");
  return account->identity.uid;
}

SessionPlan plan_session(const CommandLine& line, const config::Settings& settings,
                         const base::Client& client) {
  SessionPlan plan{.settings = settings, .profile = profile_of(settings)};
  if (line.preauth)
    plan.owner = find_owner(*line.preauth, settings);
  if (plan.behind_proxy())
    plan.proxy_uid = find_proxy_uid(settings);
  set_client(plan, client);
  if (!settings.checkpassword.empty())
    plan.self = own_path();
  if (geteuid() == 0)
    plan.front_account = sandbox::front_identity(settings.front_account);
  return plan;
}

void set_client(SessionPlan& plan, const base::Client& client) {
  plan.client = client;
  if (plan.behind_proxy()) {
    plan.client.address = client.peer;
    plan.client.certificate = {};
  }
  plan.client.is_protected =
      plan.settings.tls == config::Settings::Tls::wrapped || client.is_local();
  plan.profile.is_protected = plan.client.is_protected;
  plan.profile.has_certificate = plan.client.has_certificate();
}

void prepare_host(const SessionPlan& plan) {
  if (plan.front_account)
    make_directories(plan.settings);
  else
    sandbox::drop_capabilities();
  if (plan.owner) // a session that needs neither
    return;
  require_ours("runtime-directory", plan.settings.runtime_directory);
  require_ours("state-directory", plan.settings.state_directory);
}

base::LostLines lost_lines(const SessionPlan& plan) {
  return plan.owner ? nullptr : state::share_lost_lines(plan.settings.runtime_directory);
}

} // namespace server
