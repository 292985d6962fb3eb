// SPDX-License-Identifier: ISC
// A short name for any bytes.
#pragma once

#include <string>
#include <string_view>

namespace base {

/// BLAKE2b with 128 bits of output, as 32 lower-case hexadecimal digits.
std::string digest(std::string_view bytes);

} // namespace base
