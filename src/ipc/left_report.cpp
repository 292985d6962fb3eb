// SPDX-License-Identifier: ISC
#include "ipc/left_report.hpp"

#include <array>

namespace ipc {

namespace {

std::optional<ReportRequest> read_report(Channel& channel) {
  std::array<std::byte, max_request> space;
  while (const auto received = channel.receive_unless_closed(space)) {
    const auto request = decode_request(std::span(space).first(received->size));
    if (!request)
      break;
    if (const auto* report = std::get_if<ReportRequest>(&*request))
      return *report;
  }
  return {};
}

} // namespace

std::optional<ReportRequest> left_report(Channel& channel) {
  try {
    return read_report(channel);
  } catch (const ChannelClosed&) {
    return read_report(channel); // once, the kernel tells instead that an answer was not read
  }
}

} // namespace ipc
