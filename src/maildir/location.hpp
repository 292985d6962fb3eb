// SPDX-License-Identifier: ISC
// Which directory is a user's Maildir: the site's template with the user's name and home put in.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace maildir {

enum class LocationProblem {
  unknown_expansion, ///< A % with something behind it that is none of ours, or nothing.
  no_domain,         ///< %d, and the name has no @.
  no_home,           ///< %h or ~/, and the user has no home.
  unsafe_name,       ///< A part of the name is empty, begins with a dot, or holds a slash or NUL.
  not_absolute,      ///< The result does not begin with a slash.
  dot_dot,           ///< The result has a component `..`, or a NUL.
  root_directory,    ///< The result is / itself.
};

/// The problem in words, without full stop.
std::string_view description(LocationProblem problem);

/// Expands `override_template` (a user's own userdb_mail) or, when that is empty, `site_template`:
/// %u the name, %n what is before its first @, %d what is behind it, %h the home, %% a percent
/// sign;
/// ~/ or ~ alone at the beginning is the home. What is put in is not expanded again. The path that
/// results need not exist.
base::Result<std::string, LocationProblem> locate(std::string_view site_template,
                                                  std::string_view name, std::string_view home,
                                                  std::string_view override_template);

} // namespace maildir
