// SPDX-License-Identifier: ISC
// The help of sodapop and its commands: what a person looks for first comes first, a line each. The
// shells' completion reads it too (contrib/completion).
#pragma once

#include <CLI/App.hpp>
#include <string>

namespace admin {

class Help : public CLI::Formatter {
 public:
  /// Usage, description, arguments, options by their group, commands with those below them, footer.
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
};

} // namespace admin
