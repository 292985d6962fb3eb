// SPDX-License-Identifier: ISC
// Finds the word that was meant where a misspelt one was given.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace base {

/// The known word that is nearest to `word`, the first of several. It may differ by one slip, by
/// two in a word of more than five letters; a slip is a letter that is missing, added or wrong, or
/// two neighbours that are swapped. Case does not matter. Nothing if no word is that near.
std::optional<std::string_view> near_word(std::string_view word,
                                          std::span<const std::string_view> known);

/// The end of an error message: `; did you mean WORD?` with the near word, or nothing.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> known);

} // namespace base
