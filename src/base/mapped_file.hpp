// SPDX-License-Identifier: ISC
// The pages of a file that other processes may have cut off after it was mapped.
#pragma once

#include <cerrno>
#include <cstddef>
#include <sys/mman.h>

namespace base {

/// False when a use of the pages would raise SIGBUS, as the file was cut off. Linux before 5.14
/// does not tell. `pages` is where mmap(2) has put them, for reading and writing.
inline bool are_there(void* pages, std::size_t octets) {
  return ::madvise(pages, octets, MADV_POPULATE_WRITE) == 0 || errno != EFAULT;
}

} // namespace base
