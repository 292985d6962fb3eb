// SPDX-License-Identifier: ISC
#include "admin/options.hpp"

#include "config/settings_table.hpp"
#include "configuration_paths.hpp"

#include <algorithm>
#include <array>

namespace admin {

namespace {

constexpr std::array<std::string_view, 7> ours{
    "users",          "maildir",           "minimum-uid",
    "hash-slots",     "hash-memory-limit", "hash-operations-limit",
    "missing-maildir"};

} // namespace

GivenSettings::GivenSettings() {
  file.path = config::configuration_path("");
}

Options options_of_settings(GivenSettings& given) {
  Options options{{"--config FILE", "Read settings from this file instead of " SODAPOP_CONFIG_FILE,
                   Rules{.assign = [&given](const std::string& path) -> std::optional<std::string> {
                     given.file.path = path;
                     return {};
                   }}}};
  for (const auto& setting : config::settings_table()) {
    const auto assign = [&given, &setting](const std::string& value) {
      auto problem = setting.set(given.settings, value);
      given.file.fixed.emplace_back(setting.key);
      return problem ? std::optional(setting.key + (": " + *problem)) : std::nullopt;
    };
    const bool is_ours = std::ranges::find(ours, setting.key) != ours.end();
    options.push_back({std::string("--") + setting.key + " " + setting.value_name, setting.help,
                       Rules{.group = is_ours ? "Settings" : "", .assign = assign}});
  }
  return options;
}

} // namespace admin
