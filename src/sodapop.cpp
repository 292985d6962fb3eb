// SPDX-License-Identifier: ISC
// The administrator's tool: reads the command line and the configuration, then runs the command.
#include "admin/commands.hpp"
#include "admin/help.hpp"
#include "admin/options.hpp"
#include "config/configuration.hpp"
#include "configuration_paths.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iostream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>

namespace {

constexpr int failed = 1;
constexpr int bad_usage = 2;

/// Leaves only the settings that matter here in the help. All settings are accepted, since both
/// programs read the same file.
void hide_foreign_settings(CLI::App& app) {
  constexpr std::array ours{"--users",          "--maildir",           "--minimum-uid",
                            "--hash-slots",     "--hash-memory-limit", "--hash-operations-limit",
                            "--missing-maildir"};
  for (auto* option : app.get_options())
    if (option->get_group() == "Settings" &&
        std::ranges::find(ours, option->get_name()) == ours.end())
      option->group("");
}

constexpr auto footer =
    R"(Any key of sodapop.conf(5) is an option too, and may stand behind the command.

Examples:
  sodapop user add alice          A user of this system, with a password that is asked for
  sodapop user test alice         Would this password log in, and to which Maildir?
  sodapop check                   What is wrong here?
  sodapop who                     Who is reading mail?
  sodapop kick alice              End alice's sessions

See also sodapop(8).)";

void declare_commands(CLI::App& app, const config::Settings& settings, admin::Action& action) {
  auto* user = app.add_subcommand("user", "Users: who may log in, and to which Maildir");
  user->require_subcommand(1);
  admin::declare_user_add(*user, settings, action);
  admin::declare_user_password(*user, settings, action);
  admin::declare_user_remove(*user, settings, action);
  admin::declare_user_list(*user, settings, action);
  admin::declare_user_show(*user, settings, action);
  admin::declare_user_test(*user, settings, action);
  admin::declare_user_rights(*user, settings, action);
  auto* app_password = app.add_subcommand("app-password", "Passwords for single programs");
  app_password->require_subcommand(1);
  admin::declare_app_password_add(*app_password, settings, action);
  admin::declare_app_password_list(*app_password, settings, action);
  admin::declare_app_password_revoke(*app_password, settings, action);
  admin::declare_check(app, settings, action, [&app] { return admin::configuration_file(app); });
  admin::declare_who(app, settings, action);
  admin::declare_kick(app, settings, action);
  auto* users = app.add_subcommand("users", "All users: compile the users file, import another");
  users->require_subcommand(1);
  admin::declare_users_compile(*users, settings, action);
  admin::declare_users_import(*users, settings, action);
  admin::declare_benchmark_hash(app, settings, action);
}

int complain(const std::string& what, int status) {
  std::cerr << "sodapop: " << what << '\n';
  return status;
}

int run(CLI::App& app, int argc, char** argv, config::Settings& settings,
        const admin::Action& action) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    hide_foreign_settings(app);
    return app.exit(help_or_version);
  } catch (const CLI::ParseError& error) {
    return complain(std::string(error.what()) + " (--help tells more)", bad_usage);
  }
  if (!app.got_subcommand("check")) // which reports all mistakes
    admin::read_configuration(app, settings);
  const int status = action();
  return std::cout.flush() ? status : complain("cannot write to standard output", failed);
}

} // namespace

int main(int argc, char** argv) {
  // Other accounts must read neither the files that this program creates nor its memory.
  ::umask(077);
  constexpr struct rlimit nothing {};
  ::setrlimit(RLIMIT_CORE, &nothing);
  try {
    config::Settings settings;
    admin::Action action;
    CLI::App app("Looks after the POP3 server sodapopd(8) and its users.", "sodapop");
    app.set_version_flag("--version", "sodapop " SODAPOP_VERSION, "Print the version");
    app.require_subcommand(1);
    app.fallthrough();
    app.formatter(std::make_shared<admin::Help>());
    app.set_help_flag("-h,--help", "Print this");
    admin::declare_options(app, settings);
    declare_commands(app, settings, action);
    app.footer(footer); // last, as later commands would inherit it
    return run(app, argc, argv, settings, action);
  } catch (const config::ConfigurationError& error) {
    return complain(error.what(), EX_CONFIG);
  } catch (const std::exception& error) {
    return complain(error.what(), failed);
  }
}
