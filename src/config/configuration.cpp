// SPDX-License-Identifier: ISC
#include "config/configuration.hpp"

#include "base/text_file.hpp"
#include "config/settings_table.hpp"

#include <algorithm>
#include <system_error>
#include <vector>

namespace config {

namespace {

struct Line {
  std::string_view key;
  std::string_view value;
};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const auto first = std::min(text.find_first_not_of(blanks), text.size());
  text.remove_prefix(first);
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// A key and its value; an empty key for a blank line or a comment.
Line parse_line(std::string_view raw) {
  const auto text = trimmed(raw);
  if (text.empty() || text.starts_with('#'))
    return {};
  const auto equals = text.find('=');
  if (equals == text.npos || equals == 0)
    throw ConfigurationError("expected KEY = VALUE: " + std::string(text));
  return {trimmed(text.substr(0, equals)), trimmed(text.substr(equals + 1))};
}

template <class Range> bool has(const Range& range, std::string_view key) {
  return std::ranges::find(range, key) != range.end();
}

/// Throws a ConfigurationError without the path and the line number.
void apply_line(const Line& line, std::span<const std::string> fixed,
                std::vector<std::string_view>& seen, Settings& settings) {
  const Setting* setting = find_setting(line.key);
  const std::string key(line.key);
  if (setting == nullptr)
    throw ConfigurationError("unknown key " + key);
  if (has(seen, line.key))
    throw ConfigurationError("key given twice: " + key);
  seen.push_back(line.key);
  if (line.value.empty())
    throw ConfigurationError("no value for " + key);
  Settings unused;
  if (const auto problem = setting->assign(has(fixed, line.key) ? unused : settings, line.value))
    throw ConfigurationError(key + ": " + *problem);
}

} // namespace

void read_configuration(const std::string& path, std::span<const std::string> fixed,
                        Settings& settings) {
  std::string text;
  try {
    text = base::read_text(path, max_configuration);
  } catch (const std::system_error& error) {
    throw ConfigurationError(path + ": " + error.code().message());
  }
  apply_configuration(text, path, fixed, settings);
}

void apply_configuration(std::string_view text, const std::string& path,
                         std::span<const std::string> fixed, Settings& settings) {
  apply_configuration(text, path, fixed, settings,
                      [](const ConfigurationError& mistake) { throw ConfigurationError(mistake); });
}

void apply_configuration(std::string_view text, const std::string& path,
                         std::span<const std::string> fixed, Settings& settings,
                         const std::function<void(const ConfigurationError&)>& on_mistake) {
  std::vector<std::string_view> seen;
  for (unsigned number = 1; !text.empty(); ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    try {
      if (const auto parsed = parse_line(line); !parsed.key.empty())
        apply_line(parsed, fixed, seen, settings);
    } catch (const ConfigurationError& error) {
      on_mistake(ConfigurationError(path + ":" + std::to_string(number) + ": " + error.what()));
    }
  }
}

void check_together(const Settings& settings) {
  if (settings.proxy == Settings::Proxy::required && settings.proxy_networks.empty())
    throw ConfigurationError("proxy = required needs proxy-networks");
}

} // namespace config
