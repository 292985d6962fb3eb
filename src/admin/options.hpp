// SPDX-License-Identifier: ISC
// The settings as options of the administrator's tool.
#pragma once

#include "config/configuration.hpp"

#include <CLI/App.hpp>

namespace admin {

/// Lets `app` accept `--config FILE` and `--KEY VALUE` for each setting. `settings` must outlive
/// `app`. A setting that is not given keeps its value in `settings`.
void declare_options(CLI::App& app, config::Settings& settings);

/// The file that `--config` names, else the default one, which need not exist. The options of the
/// command line are its `fixed` keys, which the file cannot set. Call it after `app` has parsed.
config::ConfigurationFile configuration_file(const CLI::App& app);

/// Reads that file into `settings`. Throws config::ConfigurationError.
void read_configuration(const CLI::App& app, config::Settings& settings);

} // namespace admin
