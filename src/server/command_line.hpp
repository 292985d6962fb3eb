// SPDX-License-Identifier: ISC
// What sodapopd was started with. Every connection under a super-server pays for this, so that it
// is getopt_long(3) and not a library that makes more of the help.
#pragma once

#include "config/settings.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace server {

struct CommandLine {
  enum class Action { serve, help, version, print_sandbox };

  Action action = Action::serve;
  std::string config;              ///< Empty: the default file, which need not exist.
  config::Settings settings;       ///< Defaults, and what the command line says.
  std::vector<std::string> given;  ///< The keys that it says.
  std::vector<std::string> listen; ///< ADDRESS:PORT each; nobody has looked at them yet.
  bool preauthenticated = false;
  std::string maildir; ///< Of --preauth; empty: the template's.
};

/// One line that names the mistake.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws UsageError.
CommandLine parse_command_line(int argc, char** argv);

/// What the command line and, for all other keys, the configuration file say. Throws
/// config::ConfigurationError.
config::Settings settings_of(const CommandLine& command_line);

/// Writes the options to standard output.
void print_help();

} // namespace server
