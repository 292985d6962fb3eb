// SPDX-License-Identifier: ISC
#include "listener/stuck_sessions.hpp"

#include "base/unique_fd.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <string>

namespace listener {

namespace {

/// The value in the line of `status` that begins with `key`; empty where there is none.
std::string_view field(std::string_view status, std::string_view key) {
  const auto start = status.find(key);
  if (start == status.npos)
    return {};
  const auto value = status.substr(start + key.size());
  return value.substr(0, value.find('\n'));
}

/// True for a set of signals in hexadecimal digits that has SIGKILL.
bool has_kill(std::string_view set) {
  constexpr std::size_t last_digits = 3; // signals 1 to 12
  if (set.size() < last_digits)
    return false;
  const auto digit = set[set.size() - last_digits]; // signals 9 to 12
  return std::string_view("13579bdf").find(digit) != std::string_view::npos;
}
static_assert(SIGKILL == 9);

bool has_stuck_process(const Session& session) {
  const auto path = "/proc/" + std::to_string(session.process) + "/status";
  const base::UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 4096> text;
  const auto size = file ? read(file.get(), text.data(), text.size()) : -1;
  return size > 0 && is_stuck(std::string_view(text.data(), static_cast<std::size_t>(size)));
}

} // namespace

bool is_stuck(std::string_view status) {
  return field(status, "\nState:\t").starts_with('D') &&
         (has_kill(field(status, "\nSigPnd:\t")) || has_kill(field(status, "\nShdPnd:\t")));
}

std::size_t StuckSessions::take_from(SessionTable& sessions, std::size_t most,
                                     Clock::time_point now) {
  if (now < next_look_)
    return 0;
  next_look_ = now + pause;
  const auto before = stuck_.size();
  std::erase_if(sessions, [&](const Session& session) {
    if (stuck_.size() >= most || !has_stuck_process(session))
      return false;
    stuck_.push_back(session);
    return true;
  });
  return stuck_.size() - before;
}

} // namespace listener
