// SPDX-License-Identifier: ISC
// The settings as options of the administrator's tool.
#pragma once

#include "admin/command_line.hpp"
#include "config/configuration.hpp"

namespace admin {

/// What the command line says about the configuration.
struct GivenSettings {
  GivenSettings();

  config::Settings settings;
  /// The file that `--config` names, else the default one if there is one. Its `fixed` keys are the
  /// options that were given.
  config::ConfigurationFile file;
};

/// `--config FILE`, and `--KEY VALUE` for each setting. The help shows the settings that matter to
/// this program; it accepts all, as both programs read the same file. `given` must live until the
/// command line is parsed.
Options options_of_settings(GivenSettings& given);

} // namespace admin
