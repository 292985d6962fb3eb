// SPDX-License-Identifier: ISC
#include "admin/options.hpp"

#include "config/configuration.hpp"
#include "config/settings_table.hpp"
#include "configuration_paths.hpp"

#include <CLI/CLI.hpp>

namespace admin {

namespace {

constexpr auto config_option = "--config";
constexpr auto group = "Settings";

} // namespace

void declare_options(CLI::App& app, config::Settings& settings) {
  app.add_option(config_option, "Read settings from this file instead of " SODAPOP_CONFIG_FILE)
      ->type_name("FILE");
  for (const auto& setting : config::settings_table())
    app.add_option_function<std::string>(
           std::string("--") + setting.key,
           [&setting, &settings](const std::string& value) {
             if (const auto problem = setting.assign(settings, value))
               throw CLI::ValidationError(setting.key + (": " + *problem));
           },
           setting.help)
        ->type_name(setting.value_name)
        ->group(group);
}

config::ConfigurationFile configuration_file(const CLI::App& app) {
  config::ConfigurationFile file;
  const auto* named = app.get_option(config_option);
  file.path = config::configuration_path(named->empty() ? "" : named->as<std::string>());
  for (const auto* option : app.get_options())
    if (!option->empty())
      file.fixed.push_back(option->get_single_name());
  return file;
}

void read_configuration(const CLI::App& app, config::Settings& settings) {
  config::read_configuration(configuration_file(app), settings);
}

} // namespace admin
