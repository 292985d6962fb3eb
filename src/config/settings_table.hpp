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

/// A part of the programs that an option of the build may leave out.
struct Feature {
  const char* name; ///< That of the option.
  bool is_built;
};

struct Setting {
  const char* key;
  const char* value_name; ///< For the help; all words of a choice with | between them.
  const char* help;
  /// Sets the value. When the value is wrong, leaves `settings` unchanged and gives the error
  /// message.
  std::optional<std::string> (*assign)(Settings& settings, std::string_view value);
  const Feature* feature = nullptr; ///< The feature that the setting belongs to, if any.

  bool is_available() const { return feature == nullptr || feature->is_built; }
  /// As assign(), with the likely cause behind the message; refuses every value when the setting's
  /// feature was left out.
  std::optional<std::string> set(Settings& settings, std::string_view value) const;
};

std::span<const Setting> settings_table();

/// Null when there is no such key.
const Setting* find_setting(std::string_view key);

} // namespace config
