// SPDX-License-Identifier: ISC
#include "admin/check/check.hpp"

#include "admin/check/installed_session.hpp"
#include "admin/check/servers.hpp"
#include "admin/check/unit_state.hpp"
#include "admin/commands.hpp"

#include <algorithm>
#include <boost/filesystem/path.hpp>
#include <utility>

namespace admin {

namespace {

/// The options that a command needs if it is not for the default site.
std::vector<std::string> options_of_site(const LauncherSettings& given) {
  std::vector<std::string> options;
  if (given.file.path != config::configuration_path(""))
    options = {"--config", given.file.path};
  for (const auto& [key, value] :
       {std::pair("users", &given.settings.users), {"maildir", &given.settings.maildir}})
    if (std::ranges::find(given.file.fixed, key) != given.file.fixed.end())
      options.insert(options.end(), {std::string("--") + key, *value});
  return options;
}

struct Part {
  std::string_view name;
  void (*check)(const CheckContext& context, Findings& findings);
};

constexpr Part parts[] = {
    {"the settings", check_settings},
    {"the front's account", check_front_account},
    {"the directories", check_directories},
    {"the file systems", check_file_systems},
    {"the keys and the files beside them", check_kept_files},
    {"the sandbox", check_sandbox},
    {"the keys for tokens", check_tokens},
    {"the users", check_users},
};

std::vector<uid_t> other_servers(const std::vector<Server>& all, uid_t own) {
  std::vector<uid_t> others;
  for (const auto& server : all)
    if (server.identity.uid != own)
      others.push_back(server.identity.uid);
  return others;
}

/// Checks what one server needs, with its identity.
void check_server(const Server& server, CheckContext context, Findings& findings) {
  context.settings = server.given.settings;
  context.server = server.identity;
  context.launcher = server.launcher;
  context.sodapopd = server.launcher != nullptr ? server.launcher->command[0] : "";
  findings.looked_at("account " + server.account);
  bool is_readable = false;
  findings.attempt("the configuration", [&] {
    is_readable = check_configuration(server.given.file, context, findings);
  });
  if (!is_readable)
    return findings.note("as the configuration cannot be read, what it names was not checked");
  for (const auto& part : parts)
    findings.attempt(part.name, [&] { part.check(context, findings); });
}

/// Tries sessions with the server that this launcher starts, if this process can check it.
void check_session_of(const Launcher& launcher, CheckContext context, Findings& findings) {
  const std::vector<Launcher> alone{launcher};
  const auto servers = servers_of(alone, context, context.file, context.given);
  context.tool_options = options_of_site(servers.front().given);
  check_installed_session(context, servers.front(), findings);
}

int check_all(const config::Settings& settings, const config::ConfigurationFile& file,
              const Values& given) {
  CheckContext context{settings, given.has("--etc") ? given.text("--etc") : "/etc",
                       given.flag("--all-users"), file, settings};
  Findings findings(given.flag("--json") ? Findings::Form::json : Findings::Form::text,
                    given.flag("--all-findings"));
  if (given.flag("--quiet"))
    findings.be_quiet();
  const auto launchers = find_launchers(context.etc);
  const auto servers = servers_of(launchers, context, file, settings);
  for (const auto& server : servers) {
    context.tool_options = options_of_site(server.given);
    context.other_servers = other_servers(servers, server.identity.uid);
    if (servers.size() > 1)
      findings.begin_server();
    findings.attempt("the account " + server.account, [&] {
      check_as(server, findings, [&](Findings& its) { check_server(server, context, its); });
    });
  }
  findings.attempt("the launchers", [&] { check_launchers(context, findings); });
  for (const auto& launcher : launchers)
    findings.attempt("the sessions of " + launcher.where,
                     [&] { check_session_of(launcher, context, findings); });
  if (context.etc == "/etc")
    findings.attempt("the units", [&] { check_unit_states(launchers, findings); });
  return static_cast<int>(findings.finish());
}

} // namespace

std::string parent_of(const std::string& path) {
  return boost::filesystem::path(path).parent_path().string();
}

Remedy tool_command(const CheckContext& context, const std::vector<std::string>& words) {
  std::vector<std::string> all{"sodapop"};
  all.insert(all.end(), context.tool_options.begin(), context.tool_options.end());
  all.insert(all.end(), words.begin(), words.end());
  return run(all);
}

Commands check(const config::ConfigurationFile& file) {
  return {{"check", "Look for mistakes in everything a login needs",
           "Prints a line for each mistake: how bad, where, what, its id, the remedy. Status 0 for "
           "none,\n"
           "1 for warnings alone, 2 for errors. Root checks the server of each launcher as its "
           "account;\n"
           "another account checks its own server.",
           Options{
               {"--json", "Print an array of objects"},
               {"--quiet", "Print nothing when nothing is found"},
               {"--all-users", "Look at all Maildirs, not only the first 1000"},
               {"--all-findings", "Print all findings, not only the first 100 of each id"},
               {"--inside", "Try sessions as another check asks for", Rules{.group = ""}},
               {"--etc DIRECTORY", "Look for launchers and accounts here (/etc)"},
           },
           [&file](const config::Settings& settings, const Values& given) {
             return given.flag("--inside") ? try_sessions_inside()
                                           : check_all(settings, file, given);
           }}};
}

} // namespace admin
