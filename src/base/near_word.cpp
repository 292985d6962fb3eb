// SPDX-License-Identifier: ISC
#include "base/near_word.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace base {

namespace {

constexpr std::size_t longest = 64; // of the words that are compared
constexpr std::size_t short_word = 5;

/// The number of slips between two words, in any case (the Damerau-Levenshtein distance in its form
/// of optimal string alignment).
std::size_t slips_between(std::string_view given, std::string_view known) {
  std::vector<std::size_t> before, last, row(known.size() + 1);
  for (std::size_t i = 0; i <= known.size(); ++i)
    row[i] = i;
  for (std::size_t i = 1; i <= given.size(); ++i) {
    before = std::exchange(last, row);
    row[0] = i;
    const char a = to_lower(given[i - 1]);
    for (std::size_t j = 1; j <= known.size(); ++j) {
      const bool is_same = a == to_lower(known[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (is_same ? 0 : 1)});
      if (i > 1 && j > 1 && a == to_lower(known[j - 2]) &&
          to_lower(given[i - 2]) == to_lower(known[j - 1]))
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row.back();
}

} // namespace

std::optional<std::string_view> near_word(std::string_view word,
                                          std::span<const std::string_view> known) {
  if (word.size() > longest)
    return {};
  std::optional<std::string_view> nearest;
  std::size_t fewest = word.size() > short_word ? 2 : 1;
  for (const auto one : known) {
    const auto slips = slips_between(word, one);
    if (slips < fewest || (slips == fewest && !nearest)) {
      nearest = one;
      fewest = slips;
    }
  }
  return nearest;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> known) {
  const auto meant = near_word(word, known);
  return meant ? "; did you mean " + std::string(*meant) + "?" : "";
}

} // namespace base
