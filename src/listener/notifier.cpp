// SPDX-License-Identifier: ISC
#include "listener/notifier.hpp"

#include "base/log.hpp"

#include <cstddef>
#include <sys/socket.h>
#include <sys/un.h>
#include <utility>

namespace listener {

namespace {

base::UniqueFd connect_to(std::string_view name) {
  sockaddr_un address{};
  if (name.size() < 2 || name.size() >= sizeof address.sun_path ||
      (name.front() != '/' && name.front() != '@'))
    return {};
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path, name.size());
  if (name.front() == '@')
    address.sun_path[0] = '\0'; // abstract (unix(7))
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  base::UniqueFd fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd || connect(fd.get(), reinterpret_cast<sockaddr*>(&address), size) != 0)
    return {};
  return fd;
}

} // namespace

Notifier::Notifier(std::string_view path) : fd_(connect_to(path)) {}

void Notifier::reloading() const {
  const auto now = Clock::now().time_since_epoch(); // CLOCK_MONOTONIC
  const auto time = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(time));
}

void Notifier::count(std::size_t sessions, Clock::time_point now) {
  sessions_ = sessions;
  if (!fd_ || sessions == told_ || now < silent_until_)
    return;
  send_status();
  told_ = sessions;
  silent_until_ = now + status_pause;
}

void Notifier::set_problem(std::string_view problem) {
  const auto text = problem.empty() ? "" : base::escaped(problem, true) + "; ";
  if (std::exchange(problem_, text) != text)
    send_status();
}

Notifier::Clock::time_point Notifier::status_due() const {
  return fd_ && sessions_ != told_ ? silent_until_ : Clock::time_point::max();
}

void Notifier::send_status() const {
  send("STATUS=" + problem_ + std::to_string(sessions_) +
       (sessions_ == 1 ? " session" : " sessions"));
}

void Notifier::send(std::string_view text) const {
  if (fd_)
    ::send(fd_.get(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

} // namespace listener
