// SPDX-License-Identifier: ISC
#include "server/command_line.hpp"

#include "base/near_word.hpp"
#include "base/system_error.hpp"
#include "base/trusted_directory.hpp"
#include "base/trusted_file.hpp"
#include "config/configuration.hpp"
#include "config/settings_table.hpp"
#include "config/value_problem.hpp"
#include "configuration_paths.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <getopt.h>
#include <stdexcept>

namespace server {

namespace {

using Action = CommandLine::Action;

/// An option that is not a setting, in the form of config::Setting.
struct ProgramOption {
  const char* key;
  const char* value_name; ///< Empty when it takes no value, in [] when the value may be missing.
  const char* help;
  void (*take)(CommandLine& line, const char* value);
};

// clang-format off
constexpr ProgramOption program_options[] = {
    {"config", "FILE", "Read settings from this file instead of " SODAPOP_CONFIG_FILE,
     [](CommandLine& line, const char* value) { line.config = value; }},
    {"listen", "ADDRESS:PORT|/PATH", "Take connections there; may be given several times",
     [](CommandLine& line, const char* value) { line.listen.emplace_back(value); }},
    {"preauth", "[MAILDIR]", "Serve the invoking user's own Maildir, or this one, without login",
     [](CommandLine& line, const char* value) { line.preauth = value != nullptr ? value : ""; }},
    {"check-configuration", "", "Check that the server can start, and do nothing else",
     [](CommandLine& line, const char*) { line.action = Action::check_configuration; }},
    {"print-cage", "", "Print the system calls of each confined process",
     [](CommandLine& line, const char*) { line.action = Action::print_sandbox; }},
    {"help", "", "Print this",
     [](CommandLine& line, const char*) { line.action = Action::help; }},
    {"version", "", "Print the version",
     [](CommandLine& line, const char*) { line.action = Action::version; }},
};
// clang-format on

void add_rows(std::vector<option>& options, const auto& rows) {
  for (const auto& row : rows) {
    const std::string_view value_name = row.value_name;
    const int has_value = value_name.empty() ? no_argument : required_argument;
    options.push_back(
        {row.key, value_name.starts_with('[') ? optional_argument : has_value, nullptr, 0});
  }
}

void take_setting(CommandLine& line, const config::Setting& setting, const char* value) {
  if (const auto problem = setting.set(line.settings, value))
    throw std::runtime_error(std::string("--") + setting.key + ": " + *problem);
  line.given.emplace_back(setting.key);
}

std::string unknown_option(std::string_view word, const std::vector<option>& options) {
  std::vector<std::string_view> names;
  for (const auto& one : options)
    if (one.name != nullptr)
      names.emplace_back(one.name);
  auto problem = "unknown option " + config::in_quotes(word);
  word.remove_prefix(std::min(word.find_first_not_of('-'), word.size()));
  if (const auto meant = base::near_word(word.substr(0, word.find('=')), names))
    problem.append("; did you mean --").append(*meant).append("?");
  return problem;
}

/// getopt_long(3) takes an optional argument only behind `=`; sodapopd takes the next word as well.
const char* value_of(const option& chosen, int argc, char** argv) {
  if (chosen.has_arg != optional_argument || optarg != nullptr || optind >= argc ||
      argv[optind][0] == '-')
    return optarg;
  return argv[optind++];
}

void print_row(const auto& row) {
  constexpr int help_column = 40;
  const auto option = std::string(row.key) + " " + row.value_name;
  if (option.size() < help_column)
    std::printf("  --%-*s%s\n", help_column, option.c_str(), row.help);
  else
    std::printf("  --%s\n    %-*s%s\n", option.c_str(), help_column, "", row.help);
}

/// Refuses a configuration file that another account could have written. Leaves one that cannot be
/// opened, or is a device, to read_configuration().
void require_our_configuration(const std::string& path) {
  base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file)
    return;
  const auto trusted = base::trust(std::move(file));
  if (!trusted && trusted.error() != base::FileProblem::not_regular)
    throw config::ConfigurationError("configuration: " + path + ' ' +
                                     std::string(description(trusted.error())));
  if (const auto problem = base::problem_with_directories_above(path))
    throw config::ConfigurationError("configuration: " + *problem);
}

} // namespace

bool may_have_client(int argc, const char* const* argv) {
  return std::none_of(argv, argv + argc, [](std::string_view word) {
    return word.starts_with("--listen") || word.starts_with("--check-");
  });
}

CommandLine parse_command_line(int argc, char** argv) {
  CommandLine line;
  line.words.assign(argv, argv + argc);
  std::vector<option> options;
  add_rows(options, program_options);
  add_rows(options, config::settings_table());
  options.push_back({});
  opterr = 0;
  for (int index = 0;;) {
    const int before = optind;
    const int outcome = getopt_long(argc, argv, "+:", options.data(), &index);
    if (outcome == -1)
      break;
    if (outcome != 0)
      throw std::runtime_error(outcome == ':' ? std::string("no value for ") + argv[before]
                                              : unknown_option(argv[before], options));
    const auto row = static_cast<std::size_t>(index);
    const auto* value = value_of(options[row], argc, argv);
    if (row < std::size(program_options))
      program_options[row].take(line, value);
    else
      take_setting(line, config::settings_table()[row - std::size(program_options)], value);
  }
  if (optind < argc)
    throw std::runtime_error("unexpected word " + config::in_quotes(argv[optind]));
  return line;
}

config::Settings settings_of(const CommandLine& command_line) {
  auto settings = command_line.settings;
  const auto path = config::configuration_path(command_line.config);
  if (!command_line.preauth) // which serves its caller alone
    require_our_configuration(path);
  config::read_configuration({path, command_line.given}, settings);
  for (const auto& problem :
       {config::problem_with_proxy(settings), config::problem_with_oauth(settings)})
    if (problem)
      throw config::ConfigurationError(*problem);
  return settings;
}

std::string absolute_path(const std::string& path) {
  std::array<char, PATH_MAX> whole;
  if (realpath(path.c_str(), whole.data()) == nullptr)
    base::throw_errno(path);
  return whole.data();
}

void print_help() {
  std::printf(
      "Usage: sodapopd [OPTION]...\n\n"
      "Serves one POP3 session on standard input and output, or one for each connection to\n"
      "a listening socket.\n\n"
      "Options:\n");
  for (const auto& option : program_options)
    print_row(option);
  std::printf("\nSettings, which sodapop.conf(5) explains:\n");
  for (const auto& setting : config::settings_table())
    if (setting.is_available())
      print_row(setting);
  std::printf("\nExamples:\n"
              "  sodapopd --listen 127.0.0.1:110    Take connections on this host\n"
              "  ssh HOST sodapopd --preauth        Your own mail, without a password\n\n"
              "See also sodapopd(8), and sodapop(8), which manages users and finds mistakes.\n");
}

} // namespace server
