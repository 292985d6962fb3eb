// SPDX-License-Identifier: ISC
// The settings as options of the administrator's tool.
#pragma once

#include "base/configuration.hpp"

#include <CLI/App.hpp>

/// Lets `app` accept `--config FILE` and `--KEY VALUE` for each setting. `settings` must outlive
/// `app`. What is not given keeps the value that `settings` has.
void declare_options(CLI::App& app, base::Settings& settings);

/// The file that `--config` named, else the default one, which need not exist; what the command
/// line says goes before it. Call it after `app` has parsed.
base::ConfigurationFile configuration_file(const CLI::App& app);

/// Reads that file. Throws base::ConfigurationError.
void read_configuration(const CLI::App& app, base::Settings& settings);
