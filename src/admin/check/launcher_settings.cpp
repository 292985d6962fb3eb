// SPDX-License-Identifier: ISC
#include "admin/check/launcher_settings.hpp"

#include "config/settings_table.hpp"

#include <algorithm>

namespace admin {

namespace {

/// Options of sodapopd that are no settings and need no value.
constexpr std::string_view flags[] = {"preauth", "help", "version", "print-cage",
                                      "check-configuration"};

void apply(const std::string& key, const std::string& value, LauncherSettings& all) {
  if (key == "config") {
    all.file.path = value;
  } else if (key == "listen") {
    all.listen.push_back(value);
  } else if (const auto* setting = config::find_setting(key); setting == nullptr) {
    all.mistakes.push_back("unknown option --" + key);
  } else {
    const bool is_given = std::ranges::find(all.file.fixed, key) != all.file.fixed.end();
    config::Settings unused;
    if (const auto problem = setting->set(is_given ? unused : all.settings, value))
      all.mistakes.push_back("--" + key + ": " + *problem);
    all.options.push_back(key + "=" + value);
  }
}

} // namespace

LauncherSettings settings_of(const Launcher& launcher, const config::ConfigurationFile& fallback,
                             const config::Settings& given) {
  LauncherSettings all{fallback, given, {}, {}, {}};
  const auto& words = launcher.command;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto equals = words[i].find('=');
    const auto key = words[i].substr(0, equals);
    if (!key.starts_with("--"))
      all.mistakes.push_back("unexpected word " + words[i]);
    else if (std::ranges::find(flags, key.substr(2)) != std::end(flags))
      continue;
    else if (equals != words[i].npos)
      apply(key.substr(2), words[i].substr(equals + 1), all);
    else if (i + 1 < words.size())
      apply(key.substr(2), words[++i], all);
    else
      all.mistakes.push_back(key + " needs a value");
  }
  for (const auto& option : all.options)
    all.file.fixed.push_back(option.substr(0, option.find('=')));
  return all;
}

} // namespace admin
