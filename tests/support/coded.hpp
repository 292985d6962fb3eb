// SPDX-License-Identifier: ISC
// Encodes messages of the privilege boundary and decodes them as the other side does.
#pragma once

#include "ipc/request.hpp"
#include "support/decoded_answer.hpp"

#include <cstring>
#include <vector>

namespace support {

using Bytes = std::vector<std::byte>;

template <class Message> Bytes encoded(const Message& message) {
  const auto bytes = ipc::bytes_of(message);
  return {bytes.begin(), bytes.end()};
}

template <class Message> bool is_request(const Message& message) {
  const auto decoded = ipc::decode_request(encoded(message));
  return decoded && std::holds_alternative<Message>(*decoded);
}
template <class Message> bool is_answer(const Message& message) {
  const auto decoded = decode_answer(encoded(message));
  return decoded && std::holds_alternative<Message>(*decoded);
}

/// `message` with another value in a field of one octet.
template <class Message, class Owner, class Field>
Message with(Message message, Field Owner::*field, unsigned value) {
  const auto octet = static_cast<std::uint8_t>(value);
  static_assert(sizeof(Field) == 1);
  std::memcpy(&(message.*field), &octet, 1);
  return message;
}

/// A valid ProxyRequest without a client.
inline ipc::ProxyRequest proxied() {
  ipc::ProxyRequest request;
  request.origin = proxy_protocol::Header::Origin::proxy;
  return request;
}

} // namespace support
