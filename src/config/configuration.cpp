// SPDX-License-Identifier: ISC
#include "config/configuration.hpp"

#include "base/near_word.hpp"
#include "base/split.hpp"
#include "base/system_error.hpp"
#include "base/text_file.hpp"
#include "config/settings_table.hpp"
#include "config/value_problem.hpp"
#include "configuration_paths.hpp"

#include <algorithm>
#include <map>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace config {

namespace {

std::string unknown_key(std::string_view key) {
  std::vector<std::string_view> keys;
  for (const auto& setting : settings_table())
    keys.emplace_back(setting.key);
  return "unknown key " + in_quotes(key) + base::did_you_mean(key, keys);
}

using Seen = std::map<std::string_view, unsigned>; // the lines of the keys so far

/// Applies a line of KEY = VALUE without blanks around it. Gives the mistake if there is one.
std::optional<std::string> apply_line(std::string_view line, unsigned number,
                                      std::span<const std::string> fixed, Seen& seen,
                                      Settings& settings) {
  if (auto problem = problem_with_characters(line))
    return problem;
  const auto equals = line.find('=');
  if (equals == line.npos || equals == 0)
    return "expected KEY = VALUE, not " + in_quotes(line);
  const std::string key(base::trimmed(line.substr(0, equals)));
  const auto value = base::trimmed(line.substr(equals + 1));
  const Setting* setting = find_setting(key);
  if (setting == nullptr)
    return unknown_key(key);
  if (const auto [first, is_new] = seen.insert({setting->key, number}); !is_new)
    return "key given twice: " + key + ", first in line " + std::to_string(first->second);
  if (value.empty())
    return "no value for " + key;
  if (const auto problem = problem_with_text(value))
    return key + ": " + *problem;
  Settings unused;
  const bool is_fixed = std::ranges::find(fixed, key) != fixed.end();
  if (const auto problem = setting->set(is_fixed ? unused : settings, value))
    return key + ": " + *problem;
  return {};
}

} // namespace

std::string configuration_path(const std::string& named) {
  const bool has_default = named.empty() && access(SODAPOP_CONFIG_FILE, F_OK) == 0;
  return has_default ? SODAPOP_CONFIG_FILE : named;
}

void read_configuration(const ConfigurationFile& file, Settings& settings) {
  if (file.path.empty())
    return;
  try {
    const auto text = base::read_text(file.path, max_configuration);
    apply_configuration(text, file, settings, [](const auto& mistake) { throw mistake; });
  } catch (const std::system_error& error) {
    if (base::is_shortage(error.code()))
      throw;
    throw ConfigurationError(file.path + ": " + error.code().message());
  }
}

void apply_configuration(std::string_view text, const ConfigurationFile& file, Settings& settings,
                         const std::function<void(const ConfigurationError&)>& on_mistake) {
  const auto tell = [&](unsigned line, const std::string& mistake) {
    on_mistake(ConfigurationError(file.path + ":" + std::to_string(line) + ": " + mistake));
  };
  if (const auto problem = take_byte_order_mark(text))
    tell(1, *problem);
  const bool is_whole = text.empty() || text.ends_with('\n');
  Seen seen;
  unsigned number = 0;
  while (!text.empty()) {
    ++number;
    const auto line = base::trimmed(base::take_field(text, "\n"));
    if (line.empty() || line.starts_with('#'))
      continue;
    if (const auto mistake = apply_line(line, number, file.fixed, seen, settings))
      tell(number, *mistake);
  }
  if (!is_whole)
    tell(number, "the last line has no line end, and may be cut off");
}

std::optional<std::string> problem_with_proxy(const Settings& settings) {
  if (settings.proxy == Settings::Proxy::required && settings.proxy_networks.empty())
    return "proxy = required needs proxy-networks";
  if (settings.has_local_proxies() && settings.proxy_account.empty())
    return "proxy-networks = local needs proxy-account";
  return {};
}

std::optional<std::string> problem_with_oauth(const TokenSettings& settings) {
  if (settings.oauth_keys.empty())
    return {};
  for (const auto& [name, value] : {std::pair{"oauth-issuer", &settings.oauth_issuer},
                                    {"oauth-audience", &settings.oauth_audience},
                                    {"oauth-user-claim", &settings.oauth_user_claim}})
    if (value->empty())
      return "oauth-keys needs " + std::string(name) + " as well";
  return {};
}

} // namespace config
