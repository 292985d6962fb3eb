// SPDX-License-Identifier: ISC
// The settings as options of the administrator's tool.
#pragma once

#include "config/configuration.hpp"

#include <CLI/App.hpp>

namespace admin {

/// Lets `app` accept `--config FILE` and `--KEY VALUE` for each setting. `settings` must outlive
/// `app`. What is not given keeps the value that `settings` has.
void declare_options(CLI::App& app, config::Settings& settings);

/// The file that `--config` named, else the default one, which need not exist; what the command
/// line says goes before it. Call it after `app` has parsed.
config::ConfigurationFile configuration_file(const CLI::App& app);

/// Reads that file. Throws config::ConfigurationError.
void read_configuration(const CLI::App& app, config::Settings& settings);

} // namespace admin
