// SPDX-License-Identifier: ISC
// Formats the help of sodapop and its commands: one line for each item, the most wanted items
// first. The shells' completion reads it too (contrib/completion).
#pragma once

#include <CLI/App.hpp>
#include <string>

namespace admin {

class Help : public CLI::Formatter {
 public:
  /// Usage, description, arguments, commands with their subcommands, options by group, footer.
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
};

} // namespace admin
