// SPDX-License-Identifier: ISC
// A file, read whole.
#pragma once

#include <cstddef>
#include <string>

namespace base {

/// Reads `fd`, which may be a pipe, to its end. Throws std::system_error with the text `what` when
/// it cannot be read, with EFBIG when it has more than `limit` octets.
std::string read_text(int fd, const std::string& what, std::size_t limit = std::string::npos);

/// The same for the file at `path`, which is also the text of the error.
std::string read_text(const std::string& path, std::size_t limit);

} // namespace base
