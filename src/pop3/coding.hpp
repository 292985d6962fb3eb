// SPDX-License-Identifier: ISC
// Recognises messages that another program has stored compressed or encrypted: as they are stored
// they are no messages, and a client that got them would take them for damaged ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pop3 {

/// The forms in which the plugins zlib and mail_crypt of Dovecot store messages.
enum class Coding : std::uint8_t {
  none,
  gzip,
  bzip2,
  xz,
  zstd,
  lz4,
  mail_crypt,
  last = mail_crypt
};

/// Octets at the start of a message that coding_of() looks at.
constexpr std::size_t coding_octets = 15;

/// The coding of the message that begins with `start`; none for text, and for fewer octets than the
/// mark of a coding has. Of bzip2, the mark of the first block belongs to it, since a header field
/// may begin with `BZh`.
Coding coding_of(std::string_view start);

/// The name for a log; empty for none.
std::string_view log_name(Coding coding);

} // namespace pop3
