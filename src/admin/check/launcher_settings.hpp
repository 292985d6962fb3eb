// SPDX-License-Identifier: ISC
// The settings with which a launcher starts sodapopd.
#pragma once

#include "admin/check/launcher_files.hpp"
#include "config/configuration.hpp"

#include <string>
#include <vector>

namespace admin {

struct LauncherSettings {
  /// The file of --config, else the fallback; `fixed` has the options of the command too.
  config::ConfigurationFile file;
  config::Settings settings;         ///< Without what the file says.
  std::vector<std::string> options;  ///< The words that are settings, as `KEY=VALUE`.
  std::vector<std::string> listen;   ///< The values of --listen.
  std::vector<std::string> mistakes; ///< What sodapopd would refuse, one line each.
};

/// Reads the options of the launcher's command. `fallback` and `given` are what this check was
/// called with: the options among them hold in the place of the launcher's.
LauncherSettings settings_of(const Launcher& launcher, const config::ConfigurationFile& fallback,
                             const config::Settings& given = {});

/// Those settings, and what the file says. Where the file cannot be read or has mistakes, the
/// defaults hold: check_configuration() reports that.
config::Settings effective_settings(const LauncherSettings& given);

} // namespace admin
