// SPDX-License-Identifier: ISC
// The secret of a site that outlives its reboots: what is made up for names that nobody has is the
// same each time because of it, and nobody else can make it up.
#pragma once

#include "state/key_file.hpp"

namespace state {

/// 32 random octets from `site-key` in the directory of the setting state-directory, made when the
/// file is missing. Throws std::system_error, as when the directory is missing or is not to be
/// written to.
base::Result<base::Secret, KeyFileProblem> open_site_key(const std::string& state_directory);

} // namespace state
