// SPDX-License-Identifier: ISC
// A check for options that take a number.
#pragma once

#include "base/number.hpp"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

namespace admin {

/// Takes decimal numbers only: CLI11 would read 010 as eight.
inline CLI::Validator decimal_check() {
  return {[](const std::string& text) {
            const bool is = base::parse_unpadded_number<std::uint64_t>(text).has_value();
            return is ? "" : "not a decimal number: " + text;
          },
          ""};
}

} // namespace admin
