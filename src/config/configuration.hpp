// SPDX-License-Identifier: ISC
// The configuration file: lines of `KEY = VALUE`, blank lines and # comments.
#pragma once

#include "config/settings.hpp"

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace config {

/// The most octets of a configuration file; the longest sensible file has about five thousand.
constexpr std::size_t max_configuration = 65536;

/// One line that names the file, the line in it and the mistake: an unknown key, a key given twice,
/// a bad value, a line without `=`, a last line without its end, a file that cannot be read.
struct ConfigurationError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The configuration file to read, and the keys that it may not set: they keep their values, as the
/// command line goes before the file.
struct ConfigurationFile {
  std::string path; ///< Empty: no file.
  std::vector<std::string> fixed;
};

/// The path of the file to read: `named`, which is the value of --config; when that is empty, the
/// default file, or no file when the default file does not exist.
std::string configuration_path(const std::string& named);

/// Reads the file, if there is one, into `settings`. Throws ConfigurationError at the first
/// mistake; `settings` may then be changed in part.
void read_configuration(const ConfigurationFile& file, Settings& settings);

/// Applies the text of a configuration file, whose path is for the messages only. Calls
/// `on_mistake` for each mistake, ignores its line and goes on with the next.
void apply_configuration(std::string_view text, const ConfigurationFile& file, Settings& settings,
                         const std::function<void(const ConfigurationError&)>& on_mistake);

/// The problem with settings that are good by themselves but do not go together: a sentence without
/// full stop. It has to be reported before any client is served. With a PROXY header from any
/// address, or from any account of this host, a client could claim to be any user or host.
std::optional<std::string> problem_with_proxy(const Settings& settings);

/// The same when tokens are accepted but a setting for their check is missing.
std::optional<std::string> problem_with_oauth(const TokenSettings& settings);

} // namespace config
