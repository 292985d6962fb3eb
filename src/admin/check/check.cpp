// SPDX-License-Identifier: ISC
#include "admin/check/check.hpp"

#include "admin/commands.hpp"

#include <algorithm>
#include <utility>

namespace admin {

namespace {

/// The options that a command needs if this one was not called with the default site.
std::vector<std::string> options_of_site(const config::Settings& settings,
                                         const config::ConfigurationFile& file) {
  std::vector<std::string> options;
  if (file.path != config::configuration_path(""))
    options = {"--config", file.path};
  for (const auto& [key, value] :
       {std::pair("users", &settings.users), {"maildir", &settings.maildir}})
    if (std::ranges::find(file.fixed, key) != file.fixed.end())
      options.insert(options.end(), {std::string("--") + key, *value});
  return options;
}

constexpr std::pair<std::string_view, void (*)(const CheckContext&, Findings&)> parts[] = {
    {"the settings", check_settings},
    {"the front's account", check_front_account},
    {"the directories", check_directories},
    {"the keys and the files beside them", check_kept_files},
    {"the sandbox", check_sandbox},
    {"the launchers", check_launchers},
    {"the keys for tokens", check_tokens},
    {"the users", check_users},
};

int check_all(const config::Settings& settings, const config::ConfigurationFile& file,
              const Values& given) {
  CheckContext context{settings, given.has("--etc") ? given.text("--etc") : "/etc",
                       given.flag("--all-users")};
  context.tool_options = options_of_site(settings, file);
  Findings findings(given.flag("--json") ? Findings::Form::json : Findings::Form::text,
                    context.all_users);
  if (given.flag("--quiet"))
    findings.be_quiet();
  findings.attempt("the configuration", [&] { check_configuration(file, context, findings); });
  for (const auto& [name, part] : parts)
    findings.attempt(name, [&] { part(context, findings); });
  return static_cast<int>(findings.finish());
}

} // namespace

Remedy tool_command(const CheckContext& context, const std::vector<std::string>& words) {
  std::vector<std::string> all{"sodapop"};
  all.insert(all.end(), context.tool_options.begin(), context.tool_options.end());
  all.insert(all.end(), words.begin(), words.end());
  return run(all);
}

Commands check(const config::ConfigurationFile& file) {
  return {
      {"check", "Look for mistakes in everything a login needs",
       "Prints a line for each mistake: how bad, where, what, its id, the remedy. Status 0 for "
       "none,\n"
       "1 for warnings alone, 2 for errors. Call it as the account that the server is started as.",
       Options{
           {"--json", "Print an array of objects"},
           {"--quiet", "Print nothing when nothing is found"},
           {"--all-users", "Look at all Maildirs, not only the first 1000; print all findings"},
           {"--etc DIRECTORY", "Look for launchers and accounts here (/etc)"},
       },
       [&file](const config::Settings& settings, const Values& given) {
         return check_all(settings, file, given);
       }}};
}

} // namespace admin
