// SPDX-License-Identifier: ISC
// The administrator's tool: reads the command line and the configuration, then runs the command.
#include "admin/commands.hpp"
#include "admin/printable.hpp"
#include "config/configuration.hpp"
#include "config/settings_table.hpp"
#include "configuration_paths.hpp"

#include <algorithm>
#include <iostream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>

namespace {

constexpr int failed = 1;
constexpr int bad_usage = 2;

constexpr auto footer =
    R"(Any key of sodapop.conf(5) is an option too, and may stand behind the command.

Examples:
  sodapop user add alice          A user of this system, with a password that is asked for
  sodapop user test alice         Would this password log in, and to which Maildir?
  sodapop check                   What is wrong here?
  sodapop who                     Who is reading mail?
  sodapop kick alice              End alice's sessions

See also sodapop(8).)";

/// The settings that matter to this program, which its help shows. It accepts all of them, as both
/// programs read the same file.
constexpr std::string_view ours[] = {
    "users",      "maildir",           "minimum-uid",           "minimum-gid",
    "hash-slots", "hash-memory-limit", "hash-operations-limit", "missing-maildir"};

/// What the command line says about the configuration.
struct GivenSettings {
  config::Settings settings;
  /// The file that `--config` names, else the default one if there is one. Its `fixed` keys are the
  /// options that were given.
  config::ConfigurationFile file{config::configuration_path(""), {}};
};

/// `--config FILE`, and `--KEY VALUE` for each setting. `given` must live until the command line is
/// parsed.
admin::Options options_of_settings(GivenSettings& given) {
  const auto name_file = [&given](const std::string& path) -> std::optional<std::string> {
    given.file.path = path;
    return {};
  };
  admin::Options options{{"--config FILE",
                          "Read settings from this file instead of " SODAPOP_CONFIG_FILE,
                          admin::Rules{.assign = name_file}}};
  for (const auto& setting : config::settings_table()) {
    const auto assign = [&given, &setting](const std::string& value) {
      auto problem = setting.set(given.settings, value);
      given.file.fixed.emplace_back(setting.key);
      return problem ? std::optional("--" + (setting.key + (": " + *problem))) : std::nullopt;
    };
    const bool is_ours = std::ranges::find(ours, setting.key) != std::end(ours);
    options.push_back({std::string("--") + setting.key + " " + setting.value_name, setting.help,
                       admin::Rules{.group = is_ours ? "Settings" : "", .assign = assign}});
  }
  return options;
}

admin::Commands commands(GivenSettings& given) {
  using namespace admin;
  const Commands program{{"", "Looks after the POP3 server sodapopd(8) and its users.", footer,
                          options_of_settings(given)}};
  return program + user_edit() + user_show() + user_test() + user_rights() + app_password() +
         maildir() + check(given.file) + who() + kick() + penalties() + users_compile() +
         users_import() + benchmark_hash();
}

int complain(const std::string& what, int status) {
  std::cerr << "sodapop: " << admin::printable(what) << '\n';
  return status;
}

int run(int argc, char** argv) {
  GivenSettings given;
  const auto all = commands(given);
  const auto called = admin::parse(all, argc, argv);
  if (!called)
    return 0;
  if (called->command->name != "check") // which reports all mistakes in the file
    config::read_configuration(given.file, given.settings);
  const int status = called->command->run(given.settings, called->values);
  return std::cout.flush() ? status : complain("cannot write to standard output", failed);
}

} // namespace

int main(int argc, char** argv) {
  // Other accounts must read neither the files that this program creates nor its memory.
  ::umask(077);
  constexpr struct rlimit nothing {};
  ::setrlimit(RLIMIT_CORE, &nothing);
  try {
    return run(argc, argv);
  } catch (const admin::UsageError& error) {
    return complain(std::string(error.what()) + " (--help tells more)", bad_usage);
  } catch (const config::ConfigurationError& error) {
    return complain(error.what(), EX_CONFIG);
  } catch (const std::exception& error) {
    return complain(error.what(), failed);
  }
}
