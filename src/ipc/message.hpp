// SPDX-License-Identifier: ISC
// What the messages between the front and the monitor or keeper have in common. Each message has
// one fixed size, or one that its number of entries gives; all its octets are set. The two sides
// are the same program on the same machine, so that a message is sent as its bytes in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace ipc {

/// Messages of the maildrop that one request can open. Each comes as a descriptor, so that this is
/// also the maximum of descriptors in one message of the channel. The front's limit of descriptors
/// (sandbox.cpp) has room for them.
constexpr std::uint32_t max_opened = 8;

/// The beginning of every message. Each kind has a tag of its own.
template <std::uint32_t Tag> struct Message {
  static constexpr std::uint32_t tag = Tag;
  std::uint32_t kind = Tag;
};

/// True when `message` is of its kind and all its fields are within their ranges.
template <class Whole> bool is_valid(const Whole& message) {
  return message.kind == Whole::tag && message.has_valid_fields();
}

/// The octets that are sent: without the end of the array where a message has less entries than
/// there is room for.
template <class Whole> std::span<const std::byte> bytes_of(const Whole& message) {
  static_assert(std::has_unique_object_representations_v<Whole>, "no padding");
  const auto all = std::as_bytes(std::span(&message, 1));
  if constexpr (requires { message.unused(); })
    return all.first(all.size() - message.unused());
  return all;
}

} // namespace ipc
