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

/// Octets of a configuration file; the longest sensible one has about five thousand.
constexpr std::size_t max_configuration = 65536;

/// One line that names the file, the line in it and the mistake: an unknown key, a key given twice,
/// a bad value, a line without `=`, a file that cannot be read.
class ConfigurationError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Which file to read, and which keys it may not set.
struct ConfigurationFile {
  std::string path; ///< Empty: none.
  std::vector<std::string> fixed;
};

/// Sets what the file at `path` says, keys in `fixed` excepted: a command line goes before the
/// file. Throws ConfigurationError; `settings` may then be changed in part.
void read_configuration(const std::string& path, std::span<const std::string> fixed,
                        Settings& settings);

/// The text of such a file by itself; `path` is for the mistakes.
void apply_configuration(std::string_view text, const std::string& path,
                         std::span<const std::string> fixed, Settings& settings);

/// The same for who wants all mistakes: each is shown, its line left out, the next one read.
void apply_configuration(std::string_view text, const std::string& path,
                         std::span<const std::string> fixed, Settings& settings,
                         const std::function<void(const ConfigurationError&)>& on_mistake);

/// Whether the settings, each of which is good, go together: a PROXY header from anybody would let
/// everybody be whom they like. Throws ConfigurationError.
void check_together(const Settings& settings);

} // namespace config
