// SPDX-License-Identifier: ISC
// Every setting as one row: a key of sodapop.conf and, with `--` in front, an option of both
// programs.
#pragma once

#include "config/settings.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace config {

struct Setting {
  const char* key;
  const char* value_name; ///< For the help; all words of a choice with | between them.
  const char* help;
  /// Sets the value. When the value is wrong, leaves `settings` unchanged and gives the error
  /// message.
  std::optional<std::string> (*assign)(Settings& settings, std::string_view value);
};

std::span<const Setting> settings_table();

/// Null when there is no such key.
const Setting* find_setting(std::string_view key);

} // namespace config
