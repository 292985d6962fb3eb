// SPDX-License-Identifier: ISC
#include "admin/check/launcher_settings.hpp"

#include "base/text_file.hpp"
#include "config/settings_table.hpp"

#include <algorithm>
#include <system_error>

namespace admin {

namespace {

/// Options of sodapopd that are no settings and need no value.
constexpr std::string_view flags[] = {"preauth", "help", "version", "print-cage",
                                      "check-configuration"};

/// The option that begins with `word`, if there is one alone: getopt_long(3) takes it so.
std::string full_name(const std::string& word) {
  std::vector<std::string> names{"config", "listen"};
  names.insert(names.end(), std::begin(flags), std::end(flags));
  for (const auto& setting : config::settings_table())
    names.emplace_back(setting.key);
  if (std::ranges::find(names, word) != names.end())
    return word;
  std::erase_if(names, [&](const auto& name) { return !name.starts_with(word); });
  return names.size() == 1 ? names.front() : word;
}

bool is_flag(const std::string& name) {
  return std::ranges::find(flags, name) != std::end(flags);
}

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
    const auto name = words[i].starts_with("--") ? full_name(words[i].substr(2, equals - 2)) : "";
    const bool has_word = i + 1 < words.size();
    if (name.empty())
      all.mistakes.push_back("unexpected word '" + words[i] + "'");
    else if (name == "preauth" && has_word && !words[i + 1].starts_with('-'))
      ++i; // the Maildir
    else if (is_flag(name))
      continue;
    else if (equals != words[i].npos)
      apply(name, words[i].substr(equals + 1), all);
    else if (has_word)
      apply(name, words[++i], all);
    else
      all.mistakes.push_back("--" + name + " needs a value");
  }
  for (const auto& option : all.options)
    all.file.fixed.push_back(option.substr(0, option.find('=')));
  return all;
}

config::Settings effective_settings(const LauncherSettings& given) {
  auto settings = given.settings;
  try {
    if (!given.file.path.empty())
      config::apply_configuration(base::read_text(given.file.path, config::max_configuration),
                                  given.file, settings, [](const auto&) {});
  } catch (const std::system_error&) {
    return given.settings;
  }
  return settings;
}

} // namespace admin
