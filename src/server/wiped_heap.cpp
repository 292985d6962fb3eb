// SPDX-License-Identifier: ISC
// Replaces the global operators new and delete of sodapopd, so that memory is wiped when it is
// freed. A process of a session so keeps no copy of a hash, token or proof that passed through a
// string, wherever it did: strings leave copies behind when they grow and when they are destroyed.
#include "base/secret.hpp"

#include <cstdlib>
#include <malloc.h>
#include <new>

namespace {

/// The largest block that is wiped, in octets. Larger ones are buffers: their owners wipe what they
/// have used of them, as the rest should not be touched.
constexpr std::size_t max_wiped = 4096;

} // namespace

void* operator new(std::size_t octets) {
  if (void* block = std::malloc(octets > 0 ? octets : 1))
    return block;
  throw std::bad_alloc();
}

void operator delete(void* block) noexcept {
  if (const auto octets = malloc_usable_size(block); octets <= max_wiped)
    base::wipe(block, octets);
  std::free(block);
}

void operator delete(void* block, std::size_t) noexcept {
  operator delete(block);
}
