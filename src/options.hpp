// SPDX-License-Identifier: ISC
// Every setting of base::Settings as an option of the command line and a key of the configuration
// file: one declaration serves both, and both programs.
#pragma once

#include "base/result.hpp"
#include "base/settings.hpp"

#include <CLI/App.hpp>
#include <string>
#include <string_view>

/// Lets `app` accept `--config FILE` and `--KEY VALUE` for each key. `settings` must outlive `app`.
/// What is not given keeps the value that `settings` has.
void declare_options(CLI::App& app, base::Settings& settings);

/// Reads the file that `--config` named, else the default one, and sets every key that the command
/// line did not. Call it after `app` has parsed. A default file that does not exist is no mistake.
/// Throws ConfigurationError.
void read_configuration(CLI::App& app);

/// One line that names the file, the line in it and the mistake: an unknown key, a key given twice,
/// a bad value, a line without `=`, a file that cannot be read.
class ConfigurationError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
