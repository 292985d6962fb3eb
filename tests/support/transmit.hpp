// SPDX-License-Identifier: ISC
// A reply as the octets that go to the client, without a connection.
#pragma once

#include "pop3/reply.hpp"
#include "support/append_stuffed.hpp"

#include <array>
#include <string>

namespace support {

/// The status line and the body. Reads the message in small blocks. Throws the exceptions of the
/// body.
inline std::string transmit(const pop3::Reply& reply) {
  std::string out = status_line(reply);
  if (const auto* listing = std::get_if<pop3::Listing>(&reply.body)) {
    while ((*listing)(out)) {
    }
    out += ".\r\n";
  }
  if (const auto* message = std::get_if<pop3::MessageText>(&reply.body)) {
    pop3::ByteStuffing stuffing(message->top_lines.value_or(pop3::ByteStuffing::whole));
    std::array<char, 7> block;
    while (!stuffing.is_done()) {
      const auto octets = message->source->read(block);
      if (octets == 0)
        break;
      append_stuffed(stuffing, {block.data(), octets}, out);
    }
    append_end(stuffing, out);
    out += ".\r\n";
    message->on_sent();
  }
  return out;
}

} // namespace support
