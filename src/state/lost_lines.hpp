// SPDX-License-Identifier: ISC
// The number of log lines that sessions have lost, for all processes of a host: most sessions end
// before the log takes lines again. A keeper has no file but its maildrop, so the number is in a
// mapping.
#pragma once

#include "base/log.hpp"

#include <string>

namespace state {

/// The number in the file `lost-lines` in `runtime_directory`, which is created with mode 0600.
/// Children inherit the mapping. Nothing where the file cannot be made or is not private.
base::LostLines share_lost_lines(const std::string& runtime_directory) noexcept;

} // namespace state
