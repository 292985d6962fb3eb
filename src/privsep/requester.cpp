// SPDX-License-Identifier: ISC
#include "privsep/requester.hpp"

namespace privsep {

std::size_t Requester::receive_into(std::span<std::byte> space, base::UniqueFd* fd) {
  auto received = channel_.receive(space);
  if (received.fd && fd == nullptr)
    throw ProtocolViolation("unwanted descriptor");
  if (fd != nullptr)
    *fd = std::move(received.fd);
  return received.size;
}

} // namespace privsep
