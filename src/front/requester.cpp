// SPDX-License-Identifier: ISC
#include "front/requester.hpp"

namespace front {

std::size_t Requester::receive_into(std::span<std::byte> space, base::UniqueFd* fd) {
  auto received = channel_.receive(space);
  if (received.fd && fd == nullptr)
    throw ipc::ProtocolViolation("unwanted descriptor");
  if (fd != nullptr)
    *fd = std::move(received.fd);
  return received.size;
}

} // namespace front
