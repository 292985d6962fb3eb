// SPDX-License-Identifier: ISC
// A small file, read whole.
#pragma once

#include <cstddef>
#include <string>

namespace base {

/// Reads the file at `path`. Throws std::system_error when it cannot be read, with EFBIG when it
/// has more than `limit` octets.
std::string read_text(const std::string& path, std::size_t limit);

} // namespace base
