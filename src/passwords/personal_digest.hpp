// SPDX-License-Identifier: ISC
// BLAKE2b (RFC 7693) with 256 bits of output, personalised: digests that are made for different
// purposes tell nothing about each other.
#pragma once

#include "base/secret.hpp"

#include <string_view>

namespace passwords {

using Digest = base::SecretOctets<32>;

/// `purpose` has 16 octets at most, `key` 64 at most; `salt` has 16 octets or is empty.
Digest personal_digest(std::string_view purpose, std::string_view text, std::string_view key = {},
                       std::string_view salt = {});

inline std::string_view text_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// The key that a user's index of message sizes is checked with. A process that can write to a
/// Maildir can write an index there, but has no access to the users file.
using IndexKey = Digest;

/// A digest of a user's name, which has no colon, and of `hash`, the field of the users file as it
/// stands, under the site's key. It reveals nothing about either. Another password gives another
/// key.
IndexKey index_key(std::string_view site_key, std::string_view name, std::string_view hash);

/// The digest by which a name is logged and counted that may be a mistyped password: without the
/// site's key, a list of passwords does not turn it back.
Digest name_digest(std::string_view site_key, std::string_view name);

} // namespace passwords
