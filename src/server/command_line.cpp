// SPDX-License-Identifier: ISC
#include "server/command_line.hpp"

#include "config/configuration.hpp"
#include "config/settings_table.hpp"
#include "configuration_paths.hpp"
#include "tokens/keys_file.hpp"

#include <array>
#include <cstdio>
#include <getopt.h>

namespace server {

namespace {

using Action = CommandLine::Action;

struct ProgramOption {
  const char* name;
  int has_argument;
  const char* help_name;
  const char* help;
  void (*take)(CommandLine& line, const char* argument);
};

// clang-format off
// The options that are not settings.
constexpr ProgramOption program_options[] = {
    {"config", required_argument, " FILE", "Read settings from this file instead of " SODAPOP_CONFIG_FILE,
     [](CommandLine& line, const char* argument) { line.config = argument; }},
    {"listen", required_argument, " ADDRESS:PORT", "Take connections at this address; may be given several times",
     [](CommandLine& line, const char* argument) { line.listen.emplace_back(argument); }},
    {"preauth", optional_argument, " [MAILDIR]", "Serve the invoking user's own Maildir, or this one, without login",
     [](CommandLine& line, const char* argument) {
       line.preauthenticated = true;
       line.maildir = argument != nullptr ? argument : "";
     }},
    {"print-cage", no_argument, "", "Print the system calls of each confined process",
     [](CommandLine& line, const char*) { line.action = Action::print_sandbox; }},
    {"help", no_argument, "", "Print this",
     [](CommandLine& line, const char*) { line.action = Action::help; }},
    {"version", no_argument, "", "Print the version",
     [](CommandLine& line, const char*) { line.action = Action::version; }},
};
// clang-format on

constexpr int first_setting = std::size(program_options);

/// The options for getopt_long(3): the program's own, the settings, and an empty one at the end.
std::vector<option> long_options() {
  std::vector<option> options;
  options.reserve(std::size(program_options) + config::settings_table().size() + 1);
  for (const auto& option : program_options)
    options.push_back({option.name, option.has_argument, nullptr, 0});
  for (const auto& setting : config::settings_table())
    options.push_back({setting.key, required_argument, nullptr, 0});
  options.push_back({});
  return options;
}

void take_setting(CommandLine& line, const config::Setting& setting, const char* value) {
  if (const auto problem = setting.assign(line.settings, value))
    throw UsageError(std::string("--") + setting.key + ": " + *problem);
  line.given.emplace_back(setting.key);
}

/// getopt_long(3) takes an optional argument only behind `=`; sodapopd takes the next word as well.
const char* argument_of(const option& chosen, int argc, char** argv) {
  if (chosen.has_arg != optional_argument || optarg != nullptr || optind >= argc ||
      argv[optind][0] == '-')
    return optarg;
  return argv[optind++];
}

constexpr int help_column = 40;

void print_row(const std::string& option, const char* help) {
  if (option.size() < help_column)
    std::printf("  --%-*s%s\n", help_column, option.c_str(), help);
  else
    std::printf("  --%s\n    %-*s%s\n", option.c_str(), help_column, "", help);
}

} // namespace

CommandLine parse_command_line(int argc, char** argv) {
  CommandLine line;
  const auto options = long_options();
  opterr = 0;
  for (int index = 0;;) {
    const int before = optind;
    const int outcome = getopt_long(argc, argv, "+:", options.data(), &index);
    if (outcome == -1)
      break;
    if (outcome != 0)
      throw UsageError(std::string(outcome == ':' ? "no value for " : "unknown option ") +
                       argv[before]);
    const auto* argument = argument_of(options[static_cast<std::size_t>(index)], argc, argv);
    if (index < first_setting)
      program_options[index].take(line, argument);
    else
      take_setting(line, config::settings_table()[static_cast<std::size_t>(index - first_setting)],
                   argument);
  }
  if (optind < argc)
    throw UsageError(std::string("unexpected argument ") + argv[optind]);
  return line;
}

config::Settings settings_of(const CommandLine& command_line) {
  auto settings = command_line.settings;
  config::read_configuration({config::configuration_path(command_line.config), command_line.given},
                             settings);
  config::check_together(settings);
  if (const auto problem = tokens::problem_with_oauth(settings))
    throw config::ConfigurationError(*problem);
  return settings;
}

void print_help() {
  std::printf(
      "Usage: sodapopd [OPTION]...\n\n"
      "Serves one POP3 session on standard input and output, or one for each connection to\n"
      "a listening socket.\n\n"
      "Options:\n");
  for (const auto& option : program_options)
    print_row(std::string(option.name) + option.help_name, option.help);
  std::printf("\nSettings, which sodapop.conf(5) explains:\n");
  for (const auto& setting : config::settings_table())
    print_row(std::string(setting.key) + " " + setting.value_name, setting.help);
  std::printf("\nExamples:\n"
              "  sodapopd --listen 127.0.0.1:110    Take connections on this host\n"
              "  ssh HOST sodapopd --preauth        Your own mail, without a password\n\n"
              "See also sodapopd(8), and sodapop(8), which manages users and finds mistakes.\n");
}

} // namespace server
