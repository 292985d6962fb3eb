// SPDX-License-Identifier: ISC
// Parses command lines of a program with given options.
#pragma once

#include "admin/command_line.hpp"

#include <sstream>
#include <string>
#include <vector>

namespace support {

/// The command that the words of `text` name; nothing when they ask for the help.
inline std::optional<admin::Invocation> parse(const std::vector<admin::Command>& commands,
                                              const std::string& text) {
  std::vector<std::string> words{"sodapop"};
  std::istringstream in(text);
  for (std::string word; in >> word;)
    words.push_back(word);
  std::vector<const char*> pointers;
  for (const auto& word : words)
    pointers.push_back(word.c_str());
  return admin::parse(commands, static_cast<int>(pointers.size()), pointers.data());
}

/// A command that does nothing.
inline admin::Command command_with(admin::Options options, const std::string& name = "") {
  return {name, "", "", std::move(options),
          [](const config::Settings&, const admin::Values&) { return 0; }};
}

/// What `text` says to a program with these options.
inline admin::Values values(const admin::Options& options, const std::string& text) {
  return parse({command_with(options)}, text)->values;
}

} // namespace support
