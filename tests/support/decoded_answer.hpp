// SPDX-License-Identifier: ISC
// An answer whose kind is not known beforehand, as only tests meet it.
#pragma once

#include "privsep/message.hpp"

#include <cstring>
#include <optional>
#include <span>
#include <variant>

namespace support {

using Answer = std::variant<privsep::LoginAnswer, privsep::SizesAnswer, privsep::UniqueIdsAnswer,
                            privsep::OpenAnswer, privsep::CommitAnswer, privsep::ProxyAnswer>;

/// Octets of the largest answer.
constexpr std::size_t max_answer = sizeof(privsep::UniqueIdsAnswer);

template <class Message>
void try_decode(std::span<const std::byte> bytes, std::optional<Answer>& decoded) {
  Message message;
  if (bytes.size() != sizeof message)
    return;
  std::memcpy(&message, bytes.data(), sizeof message);
  if (is_valid(message))
    decoded = message;
}

/// Nothing unless `bytes` are one whole valid answer.
inline std::optional<Answer> decode_answer(std::span<const std::byte> bytes) {
  std::optional<Answer> decoded;
  try_decode<privsep::LoginAnswer>(bytes, decoded);
  try_decode<privsep::SizesAnswer>(bytes, decoded);
  try_decode<privsep::UniqueIdsAnswer>(bytes, decoded);
  try_decode<privsep::OpenAnswer>(bytes, decoded);
  try_decode<privsep::CommitAnswer>(bytes, decoded);
  try_decode<privsep::ProxyAnswer>(bytes, decoded);
  return decoded;
}

} // namespace support
