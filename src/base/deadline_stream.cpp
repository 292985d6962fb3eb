// SPDX-License-Identifier: ISC
#include "base/deadline_stream.hpp"

#include "base/deadline.hpp"
#include "base/system_error.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace base {

namespace {

constexpr std::chrono::seconds pause_in_silence{1};
constexpr std::size_t most_to_drain = 64 * 1024;

bool is_socket(int fd) {
  struct stat facts {};
  return fstat(fd, &facts) == 0 && S_ISSOCK(facts.st_mode);
}

/// Calls the function of before_each_wait() for one wait.
class WaitTeller {
 public:
  using Clock = DeadlineStream::Clock;

  explicit WaitTeller(const std::function<void(bool)>& function) : function_(function) {}

  /// To be called before each poll(2) of a wait until `until`. Gives the time for poll(2): `until`,
  /// or before that the time at which the wait becomes a long one.
  Clock::time_point tell(Clock::time_point until) {
    const bool is_long = Clock::now() >= long_from_;
    function_(is_long);
    return is_long ? until : std::min(until, long_from_);
  }

 private:
  const std::function<void(bool)>& function_;
  Clock::time_point long_from_ = Clock::now() + DeadlineStream::short_wait;
};

} // namespace

DeadlineStream::DeadlineStream(int in, int out, int lifeline)
    : in_(in), out_(out), lifeline_(lifeline), is_socket_(is_socket(out)) {}

/// False when the deadline came first.
bool DeadlineStream::wait_for(int fd, short events, Clock::time_point deadline) const {
  auto silent_from = silence_task_ ? Clock::now() + silence_ : Clock::time_point::max();
  WaitTeller teller(before_wait_);
  for (;;) {
    const auto until = teller.tell(std::min(deadline, silent_from));
    pollfd wanted[] = {{fd, events, 0}, {lifeline_, 0, 0}}; // poll(2) ignores negative ones
    const int ready = poll(wanted, 2, milliseconds_until(until));
    if (ready > 0 && wanted[1].revents != 0)
      throw std::runtime_error("the lifeline is cut");
    if (ready > 0)
      return true;
    if (ready == 0 && Clock::now() >= deadline)
      return false;
    if (ready < 0 && errno != EINTR)
      throw_errno("poll");
    if (ready == 0 && Clock::now() >= silent_from) {
      silence_task_();
      silent_from = Clock::now() + pause_in_silence;
    }
  }
}

bool DeadlineStream::has_input() const {
  pollfd wanted{in_, POLLIN, 0};
  return poll(&wanted, 1, 0) > 0;
}

bool DeadlineStream::has_input(Clock::time_point deadline) const {
  return wait_for(in_, POLLIN, deadline);
}

std::size_t DeadlineStream::read_some(std::span<char> space, Clock::time_point deadline) {
  for (;;) {
    if (!wait_for(in_, POLLIN, deadline))
      throw Timeout();
    const auto size = read(in_, space.data(), space.size());
    if (size > 0)
      return static_cast<std::size_t>(size);
    if (size == 0 || (errno != EINTR && errno != EAGAIN))
      throw ConnectionLost();
  }
}

void DeadlineStream::await_other(const Other& other) const {
  bool minds_peer = is_socket_ && other.patience.has_value();
  WaitTeller teller(before_wait_);
  for (;;) {
    const auto now = Clock::now();
    const bool is_patient = minds_peer && now < *other.patience;
    const short closed = is_patient ? 0 : POLLRDHUP; // POLLHUP and POLLERR come unasked
    const auto until = is_patient ? std::min(*other.patience, other.deadline) : other.deadline;
    pollfd wanted[] = {{other.fd, other.events, 0}, {minds_peer ? out_ : -1, closed, 0}};
    if (poll(wanted, 2, milliseconds_until(teller.tell(until))) < 0 && errno != EINTR)
      throw_errno("poll");
    if (wanted[0].revents != 0)
      return;
    if (wanted[1].revents != 0 && is_at_end())
      throw ConnectionLost();
    if (wanted[1].revents != 0)
      minds_peer = false; // what is left to read was sent before
    if (Clock::now() >= other.deadline)
      throw Timeout();
  }
}

/// True when nothing more can be read.
bool DeadlineStream::is_at_end() const {
  char octet = 0;
  iovec place{&octet, 1};
  msghdr message{};
  message.msg_iov = &place;
  message.msg_iovlen = 1;
  const auto size = recvmsg(in_, &message, MSG_PEEK | MSG_DONTWAIT);
  return size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR);
}

void DeadlineStream::write_all(std::string_view bytes, std::chrono::seconds timeout,
                               Clock::time_point deadline) {
  for (bool must_wait = !is_socket_; !bytes.empty(); must_wait = true) {
    if (must_wait && !wait_for(out_, POLLOUT, std::min(deadline, Clock::now() + timeout)))
      throw Timeout();
    bytes.remove_prefix(write_some(bytes)); // a socket that has taken only a part is full now
  }
}

/// Writes without waiting; 0 when nothing can be written now. A pipe has to be ready before.
std::size_t DeadlineStream::write_some(std::string_view bytes) {
  // A pipe that is ready takes PIPE_BUF octets without blocking (pipe(7)).
  const auto written =
      is_socket_ ? send(out_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL)
                 : write(out_, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
  if (written >= 0)
    return static_cast<std::size_t>(written);
  if (errno != EAGAIN && errno != EINTR)
    throw ConnectionLost();
  return 0;
}

void DeadlineStream::close_gracefully(std::chrono::milliseconds timeout) noexcept {
  if (!is_socket_ || shutdown(out_, SHUT_WR) != 0)
    return;
  const auto deadline = Clock::now() + timeout;
  std::array<char, 4096> scrap;
  try {
    ssize_t octets = 1;
    for (std::size_t drained = 0; octets > 0 && drained < most_to_drain;
         drained += static_cast<std::size_t>(octets))
      octets = wait_for(in_, POLLIN, deadline) ? read(in_, scrap.data(), scrap.size()) : 0;
  } catch (const std::exception&) {
    // There is nothing left to wait for.
  }
}

} // namespace base
