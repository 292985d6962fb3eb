// SPDX-License-Identifier: ISC
#include "connection.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace bench {

namespace {

// Longer than any reply takes that a benchmark waits for.
constexpr int patience_milliseconds = 120'000;
// Enough for a held connection, which reads short lines only. Other buffers grow when needed.
constexpr std::size_t small_buffer = 4096;
constexpr std::size_t large_buffer = std::size_t{256} << 10;

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what);
}

[[noreturn]] void fail_errno(const std::string& what) {
  fail(what + ": " + std::strerror(errno));
}

} // namespace

Connection::Connection(std::uint16_t port)
    : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), buffer_(small_buffer) {
  if (fd_ < 0)
    fail_errno("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const void* where = &address;
  if (connect(fd_, static_cast<const sockaddr*>(where), sizeof address) != 0) {
    const int reason = errno;
    close(fd_);
    errno = reason;
    fail_errno("connect");
  }
}

Connection::Connection(Connection&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), buffer_(std::move(other.buffer_)), begin_(other.begin_),
      end_(other.end_) {}

Connection::~Connection() {
  if (fd_ >= 0)
    close(fd_);
}

bool Connection::fill() {
  if (begin_ == end_)
    begin_ = end_ = 0;
  if (end_ == buffer_.size())
    fail("a line of the server is too long");
  pollfd waiting{fd_, POLLIN, 0};
  auto count = recv(fd_, buffer_.data() + end_, buffer_.size() - end_, MSG_DONTWAIT);
  if (count < 0 && errno == EAGAIN) {
    if (poll(&waiting, 1, patience_milliseconds) <= 0)
      fail("the server is silent");
    count = recv(fd_, buffer_.data() + end_, buffer_.size() - end_, 0);
  }
  if (count < 0)
    fail_errno("recv");
  end_ += static_cast<std::size_t>(count);
  return count > 0;
}

std::string_view Connection::line() {
  for (;;) {
    const std::string_view have(buffer_.data() + begin_, end_ - begin_);
    if (const auto end = have.find("\r\n"); end != std::string_view::npos) {
      begin_ += end + 2;
      return have.substr(0, end);
    }
    if (!fill())
      fail("the server closed the connection");
  }
}

std::string_view Connection::ok_line() {
  const auto reply = line();
  if (!reply.starts_with("+OK"))
    fail(std::string(reply));
  return reply;
}

std::string_view Connection::command(const std::string& text) {
  send(text + "\r\n");
  return ok_line();
}

std::uint64_t Connection::body(std::string* copy) {
  constexpr std::string_view end_mark = "\r\n.\r\n";
  if (buffer_.size() < large_buffer)
    buffer_.resize(large_buffer);
  std::string tail = "\r\n"; // the end of the line before
  std::uint64_t total = 0;
  for (;;) {
    const std::string_view have(buffer_.data() + begin_, end_ - begin_);
    total += have.size();
    if (copy != nullptr)
      copy->append(have);
    tail.append(have.substr(have.size() - std::min(have.size(), end_mark.size())));
    tail.erase(0, tail.size() - std::min(tail.size(), end_mark.size()));
    begin_ = end_;
    if (tail == end_mark)
      return total;
    if (!fill())
      fail("the server closed the connection within a reply");
  }
}

std::uint64_t Connection::until_end() {
  if (buffer_.size() < large_buffer)
    buffer_.resize(large_buffer);
  std::uint64_t total = 0;
  do {
    total += end_ - begin_;
    begin_ = end_;
  } while (fill());
  return total;
}

void Connection::send(std::string_view octets) {
  while (!octets.empty()) {
    const auto count = ::send(fd_, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (count < 0)
      fail_errno("send");
    octets.remove_prefix(static_cast<std::size_t>(count));
  }
}

} // namespace bench
