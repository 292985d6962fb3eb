// SPDX-License-Identifier: ISC
// The secret of a site, which stays the same after a reboot. It makes decoys for unknown names the
// same each time, and an attacker cannot make them without it.
#pragma once

#include "state/key_file.hpp"

namespace state {

/// 32 random octets from `site-key` in the directory of the setting state-directory, created when
/// the file is missing. Throws std::system_error, also when the directory is missing or not
/// writable.
base::Result<base::Secret, KeyFileProblem> open_site_key(const std::string& state_directory);

} // namespace state
