// SPDX-License-Identifier: ISC
#include "ipc/channel.hpp"

#include "base/deadline.hpp"
#include "base/system_error.hpp"
#include "ipc/message.hpp"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>

namespace ipc {

namespace {

/// Throws unless the call may be tried again.
void explain_failure(const char* what) {
  switch (errno) {
  case EINTR: return;
  case EAGAIN: throw ChannelTimeout();
  case EPIPE:
  case ECONNRESET: throw ChannelClosed();
  default: base::throw_errno(what);
  }
}

constexpr std::size_t max_descriptor_octets = max_opened * sizeof(int);

/// Control data with room for max_opened descriptors.
struct Control {
  alignas(cmsghdr) char space[CMSG_SPACE(max_descriptor_octets)]{};
};

void put_descriptors(std::span<const base::UniqueFd> fds, Control& control, msghdr& message) {
  if (fds.empty())
    return;
  if (fds.size() > max_opened)
    throw std::length_error("too many descriptors for one message");
  message.msg_control = control.space;
  message.msg_controllen = CMSG_SPACE(fds.size() * sizeof(int));
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
  for (std::size_t i = 0; i < fds.size(); ++i) {
    const int fd = fds[i].get();
    std::memcpy(CMSG_DATA(header) + i * sizeof fd, &fd, sizeof fd);
  }
}

std::vector<base::UniqueFd> descriptors_in(msghdr& message) {
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr)
    return {};
  if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
    throw ProtocolViolation("unknown control data");
  std::vector<base::UniqueFd> fds((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
  for (std::size_t i = 0; i < fds.size(); ++i) {
    int fd = -1;
    std::memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
    fds[i].reset(fd);
  }
  return fds;
}

} // namespace

std::pair<Channel, Channel> Channel::make_pair() {
  int fds[2];
  base::check(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), "socketpair");
  return {Channel(base::UniqueFd(fds[0])), Channel(base::UniqueFd(fds[1]))};
}

void Channel::set_limit(std::chrono::seconds limit) {
  const timeval time{limit.count(), 0};
  for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO})
    base::check(setsockopt(fd_.get(), SOL_SOCKET, option, &time, sizeof time), "setsockopt");
}

void Channel::send(std::span<const std::byte> message, std::span<const base::UniqueFd> fds) {
  iovec part{const_cast<std::byte*>(message.data()), message.size()};
  msghdr packet{};
  packet.msg_iov = &part;
  packet.msg_iovlen = 1;
  Control control;
  put_descriptors(fds, control, packet);
  while (sendmsg(fd_.get(), &packet, MSG_NOSIGNAL) < 0)
    explain_failure("sendmsg");
}

Channel::Received Channel::receive(std::span<std::byte> space) {
  auto received = receive_unless_closed(space);
  if (!received)
    throw ChannelClosed();
  return std::move(*received);
}

std::optional<Channel::Received> Channel::receive_unless_closed(std::span<std::byte> space) {
  iovec part{space.data(), space.size()};
  Control control;
  msghdr packet{};
  packet.msg_iov = &part;
  packet.msg_iovlen = 1;
  packet.msg_control = control.space;
  packet.msg_controllen = CMSG_LEN(max_descriptor_octets); // aligned space may hold one more
  ssize_t size = 0;
  while ((size = recvmsg(fd_.get(), &packet, MSG_CMSG_CLOEXEC)) < 0)
    explain_failure("recvmsg");
  auto fds = descriptors_in(packet);
  // Too many descriptors: the kernel has closed those that do not fit.
  if ((packet.msg_flags & (MSG_CTRUNC | MSG_TRUNC)) != 0)
    throw ProtocolViolation("message or descriptors too large");
  if (size == 0)
    return {};
  return Received{static_cast<std::size_t>(size), std::move(fds)};
}

bool Channel::is_closed() const {
  pollfd end{fd_.get(), 0, 0};
  return poll(&end, 1, 0) == 1 && (end.revents & POLLHUP) != 0;
}

bool Channel::is_ended_by(std::uint32_t kind) const {
  std::uint32_t next = 0;
  iovec part{&next, sizeof next};
  msghdr packet{};
  packet.msg_iov = &part;
  packet.msg_iovlen = 1;
  const auto size = recvmsg(fd_.get(), &packet, MSG_PEEK | MSG_DONTWAIT);
  if (size < 0)
    return errno != EAGAIN && errno != EINTR;
  return size == 0 || next == kind;
}

bool Channel::has_message(std::chrono::steady_clock::time_point deadline) const {
  pollfd wanted{fd_.get(), POLLIN, 0};
  int ready = 0;
  do
    ready = poll(&wanted, 1, base::milliseconds_until(deadline));
  while (ready < 0 && errno == EINTR);
  return ready != 0;
}

} // namespace ipc
