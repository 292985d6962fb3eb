// SPDX-License-Identifier: ISC
// The key that a user's index of message sizes is checked with.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace passwords {

/// A process that can write to a Maildir can write an index there, but has no access to the users
/// file.
using IndexKey = std::array<std::uint8_t, 32>;

/// BLAKE2b of `hash`, the field of the users file as it stands, personalised so that the key has no
/// other use and reveals nothing about the hash. Another password gives another key.
IndexKey index_key(std::string_view hash);

} // namespace passwords
