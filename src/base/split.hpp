// SPDX-License-Identifier: ISC
// Takes text apart at its separators.
#pragma once

#include <algorithm>
#include <string_view>

namespace base {

/// Takes the text up to the first `separator`, and the separator, off the front of `text`; all of
/// `text` when it has none. A separator at the end leaves the same empty rest as no separator.
inline std::string_view take_field(std::string_view& text, char separator) {
  const auto field = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(field.size() + 1, text.size()));
  return field;
}

} // namespace base
