// SPDX-License-Identifier: ISC
// Finds the path of a user's Maildir: the site's template with the user's name and home inserted.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace users {

namespace location_problem {

using base::Problem;

/// A % before an unknown character or at the end.
inline constexpr Problem unknown_expansion{
    "the Maildir template has a % that is none of %u %n %d %h %%"};
/// %d, and the name has no @.
inline constexpr Problem no_domain{"the Maildir template asks for a domain, and the name has none"};
/// %h or ~/, and the user has no home.
inline constexpr Problem no_home{"the Maildir template asks for a home, and the user has none"};
/// A part of the name is empty, begins with a dot, or holds a slash or NUL.
inline constexpr Problem unsafe_name{"a part of the name cannot be a directory"};
inline constexpr Problem not_absolute{"the Maildir's path is not absolute"};
inline constexpr Problem dot_dot{"the Maildir's path has a component .. or a NUL in it"};
/// Longer than max_path.
inline constexpr Problem too_long{"the Maildir's path is longer than 4095 octets"};
inline constexpr Problem root_directory{"the Maildir's path is the root directory"};

} // namespace location_problem

/// Octets of the longest path that the kernel takes, PATH_MAX without the NUL.
inline constexpr std::size_t max_path = 4095;

/// Expands `override_template` (a user's own userdb_mail) or, when that is empty, `site_template`:
/// %u is the name, %n the part before its first @, %d the part after it, %h the home, %% a percent
/// sign; ~/ or ~ alone at the beginning is the home. Inserted values are not expanded again. The
/// resulting path need not exist.
base::Result<std::string, base::Problem> locate(std::string_view site_template,
                                                std::string_view name, std::string_view home,
                                                std::string_view override_template);

/// `path` without empty components and components `.`: so of two texts that name one directory, as
/// `/a//b/` and `/a/b` do. Links are not followed.
std::string plain_path(std::string_view path);

} // namespace users
