// SPDX-License-Identifier: ISC
// The messages between the front and the monitor or keeper. Each message has one fixed size; all
// its octets are set. The two sides are the same program on the same machine, so that a message is
// sent as its bytes in memory.
#pragma once

#include "ipc/answer.hpp"
#include "ipc/request.hpp"

#include <cstddef>
#include <span>
#include <type_traits>

namespace ipc {

template <class Message> std::span<const std::byte> bytes_of(const Message& message) {
  static_assert(std::has_unique_object_representations_v<Message>, "no padding");
  return std::as_bytes(std::span(&message, 1));
}

} // namespace ipc
