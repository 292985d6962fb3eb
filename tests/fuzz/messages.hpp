// SPDX-License-Identifier: ISC
// Makes channel messages out of a few octets, for the two channel targets.
//
// Each message is: a size (from 1 on: that of the message in this row of the table; 0 or above the
// last row: the number of octets given), the number of descriptors that come along, the octet that
// fills the message, the number of octets given, then these octets, which replace the beginning of
// the message.
#pragma once

#include "fuzz/target.hpp"
#include "ipc/answer.hpp"
#include "ipc/request.hpp"

#include <cstring>
#include <iterator>
#include <vector>

namespace fuzz {

struct RawMessage {
  std::uint8_t descriptors = 0; ///< Of an answer.
  std::vector<std::byte> bytes;
};

/// Leaves out what is not sent of a page with fewer entries than there is room for.
template <class Page> void cut_page(std::vector<std::byte>& bytes) {
  if (bytes.size() != sizeof(Page))
    return;
  Page page;
  std::memcpy(&page, bytes.data(), sizeof page);
  if (page.kind == Page::tag)
    bytes.resize(ipc::bytes_of(page).size());
}

inline RawMessage take_message(Input& input) {
  using namespace ipc;
  constexpr std::size_t sizes[] = {
      sizeof(LoginRequest),         sizeof(SizesRequest),       sizeof(UniqueIdsRequest),
      sizeof(OpenRequest),          sizeof(MarksRequest),       sizeof(CommitRequest),
      sizeof(ReportRequest),        sizeof(LoginAnswer),        sizeof(SizesAnswer),
      sizeof(UniqueIdsAnswer),      sizeof(OpenAnswer),         sizeof(CommitAnswer),
      sizeof(SizeChangedRequest),   sizeof(ProxyRequest),       sizeof(ProxyAnswer),
      sizeof(ScramSignatureAnswer), sizeof(ScramStartRequest),  sizeof(ScramCheckRequest),
      sizeof(ScramFinishRequest),   sizeof(ScramOfferAnswer),   sizeof(ReadFailedRequest),
      sizeof(CodedRequest),         sizeof(UnprotectedRequest), sizeof(SilenceRequest),
      sizeof(SilenceAnswer)};
  const std::size_t row = input.byte();
  RawMessage message;
  message.descriptors = input.byte();
  const auto fill = std::byte(input.byte());
  const auto given = input.take(input.byte());
  const bool is_sized = row >= 1 && row <= std::size(sizes);
  message.bytes.assign(is_sized ? sizes[row - 1] : given.size(), fill);
  std::transform(given.begin(), given.begin() + std::min(given.size(), message.bytes.size()),
                 message.bytes.begin(), [](char c) { return std::byte(c); });
  cut_page<SizesAnswer>(message.bytes);
  cut_page<UniqueIdsAnswer>(message.bytes);
  cut_page<OpenAnswer>(message.bytes);
  return message;
}

} // namespace fuzz
