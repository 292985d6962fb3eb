// SPDX-License-Identifier: ISC
// The key that a user's index of message sizes is checked with.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace passwords {

/// Who can write to a Maildir may write an index there, but has no part in the users file.
using IndexKey = std::array<std::uint8_t, 32>;

/// BLAKE2b of `hash`, the users file's field as it stands, personalised so that it is of no use for
/// anything else and tells nothing of the hash. Another password is another key.
IndexKey index_key(std::string_view hash);

} // namespace passwords
