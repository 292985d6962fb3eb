// SPDX-License-Identifier: ISC
// The configuration file: lines of `KEY = VALUE`, blank lines and # comments.
#pragma once

#include "config/settings.hpp"

#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace config {

/// The most octets of a configuration file; the longest sensible file has about five thousand.
constexpr std::size_t max_configuration = 65536;

/// One line that names the file, the line in it and the mistake: an unknown key, a key given twice,
/// a bad value, a line without `=`, a file that cannot be read.
class ConfigurationError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The configuration file to read, and the keys that it may not set.
struct ConfigurationFile {
  std::string path; ///< Empty: no file.
  std::vector<std::string> fixed;
};

/// Reads the file at `path` into `settings`. Keys in `fixed` keep their values, as the command line
/// goes before the file. Throws ConfigurationError; `settings` may then be changed in part.
void read_configuration(const std::string& path, std::span<const std::string> fixed,
                        Settings& settings);

/// Applies the text of a configuration file; `path` is for the error messages only. Throws
/// ConfigurationError.
void apply_configuration(std::string_view text, const std::string& path,
                         std::span<const std::string> fixed, Settings& settings);

/// Applies the text of a configuration file. Calls `on_mistake` for each mistake, ignores its line
/// and goes on with the next.
void apply_configuration(std::string_view text, const std::string& path,
                         std::span<const std::string> fixed, Settings& settings,
                         const std::function<void(const ConfigurationError&)>& on_mistake);

/// Throws ConfigurationError when settings that are good by themselves do not go together: with a
/// PROXY header from any address, a client could claim to be any user or host.
void check_together(const Settings& settings);

} // namespace config
