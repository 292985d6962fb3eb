// SPDX-License-Identifier: ISC
// Whole files of a test case.
#pragma once

#include <string>
#include <string_view>

namespace support {

/// Writes a file, over what it has; a new one has the mode that the umask leaves of 0666.
void write_file(const std::string& path, std::string_view text);
/// The octets of a file; none when it cannot be read.
std::string read_file(const std::string& path);

} // namespace support
