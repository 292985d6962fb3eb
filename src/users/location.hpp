// SPDX-License-Identifier: ISC
// Finds the path of a user's Maildir: the site's template with the user's name and home inserted.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace users {

enum class LocationProblem {
  unknown_expansion, ///< A % before an unknown character or at the end.
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
/// %u is the name, %n the part before its first @, %d the part after it, %h the home, %% a percent
/// sign; ~/ or ~ alone at the beginning is the home. Inserted values are not expanded again. The
/// resulting path need not exist.
base::Result<std::string, LocationProblem> locate(std::string_view site_template,
                                                  std::string_view name, std::string_view home,
                                                  std::string_view override_template);

} // namespace users
