// SPDX-License-Identifier: ISC
// Parses the command line of sodapopd. This happens for each connection under a super-server, so it
// uses getopt_long(3) and not a larger library with a better help text.
#pragma once

#include "config/settings.hpp"

#include <optional>
#include <string>
#include <vector>

namespace server {

struct CommandLine {
  enum class Action { serve, help, version, print_sandbox, check_configuration };

  Action action = Action::serve;
  std::string config;              ///< Empty: the default file, which need not exist.
  config::Settings settings;       ///< Defaults, changed by the command line.
  std::vector<std::string> words;  ///< As main() got them, the program's name included.
  std::vector<std::string> given;  ///< The keys on the command line.
  std::vector<std::string> listen; ///< ADDRESS:PORT each, not checked.
  /// The value of --preauth, a Maildir; empty: from the template. Nothing if a login is needed.
  std::optional<std::string> preauth;
};

/// False when a word begins with `--listen` or `--check-`, even where parse_command_line() finds a
/// mistake: the program has no client then.
bool may_have_client(int argc, const char* const* argv);

/// Throws std::runtime_error with one line that names the mistake.
CommandLine parse_command_line(int argc, char** argv);

/// The settings of the command line and, for all other keys, of the configuration file. Throws
/// config::ConfigurationError, also when accounts other than root and this one could change the
/// file or put another one in its place; with --preauth that does not matter.
config::Settings settings_of(const CommandLine& command_line);

/// The absolute path of a file that an option names, without symbolic links. Throws
/// std::system_error when there is no such file.
std::string absolute_path(const std::string& path);

/// Writes the options to standard output.
void print_help();

} // namespace server
