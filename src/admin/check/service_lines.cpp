// SPDX-License-Identifier: ISC
#include "admin/check/service_lines.hpp"

#include "base/split.hpp"

#include <algorithm>
#include <utility>

namespace admin {

std::vector<std::string> service_words(const Launcher& launcher, std::string_view key) {
  std::vector<std::string> words;
  for (const auto& [name, value] : launcher.service_lines) {
    if (name != key)
      continue;
    const auto more = base::words_of(value);
    if (more.empty())
      words.clear();
    words.insert(words.end(), more.begin(), more.end());
  }
  return words;
}

bool is_made_by_systemd(const Launcher& launcher, const std::string& directory) {
  using namespace std::string_literals;
  return std::ranges::any_of(
      std::initializer_list<std::pair<std::string_view, std::string>>{
          {"RuntimeDirectory", "/run/"s},
          {"StateDirectory", "/var/lib/"s},
          {"LogsDirectory", "/var/log/"s}},
      [&](const auto& kind) {
        const auto names = service_words(launcher, kind.first);
        return std::ranges::any_of(
            names, [&](const auto& name) { return kind.second + name == directory; });
      });
}

} // namespace admin
