// SPDX-License-Identifier: ISC
// Decodes an answer whose kind is not known before. Only tests need this.
#pragma once

#include "ipc/answer.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <variant>

namespace support {

using Answer = std::variant<ipc::LoginAnswer, ipc::SizesAnswer, ipc::UniqueIdsAnswer,
                            ipc::OpenAnswer, ipc::CommitAnswer, ipc::ProxyAnswer,
                            ipc::ScramOfferAnswer, ipc::ScramSignatureAnswer, ipc::SilenceAnswer>;

/// Octets of the largest answer.
constexpr std::size_t max_answer = sizeof(ipc::UniqueIdsAnswer);

template <class Message>
void try_decode(std::span<const std::byte> bytes, std::optional<Answer>& decoded) {
  Message message{};
  if (bytes.size() > sizeof message)
    return;
  std::ranges::copy(bytes, std::as_writable_bytes(std::span(&message, 1)).begin());
  if (bytes.size() == bytes_of(message).size() && is_valid(message))
    decoded = message;
}

/// The answer; nothing unless `bytes` are one whole valid answer.
inline std::optional<Answer> decode_answer(std::span<const std::byte> bytes) {
  std::optional<Answer> decoded;
  try_decode<ipc::LoginAnswer>(bytes, decoded);
  try_decode<ipc::SizesAnswer>(bytes, decoded);
  try_decode<ipc::UniqueIdsAnswer>(bytes, decoded);
  try_decode<ipc::OpenAnswer>(bytes, decoded);
  try_decode<ipc::CommitAnswer>(bytes, decoded);
  try_decode<ipc::ProxyAnswer>(bytes, decoded);
  try_decode<ipc::ScramOfferAnswer>(bytes, decoded);
  try_decode<ipc::ScramSignatureAnswer>(bytes, decoded);
  try_decode<ipc::SilenceAnswer>(bytes, decoded);
  return decoded;
}

} // namespace support
