// SPDX-License-Identifier: ISC
#include "listener/stuck_sessions.hpp"

#include "base/unique_fd.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <span>
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

/// A file of proc(5), as far as it has place in `space`; empty when it cannot be read.
std::string_view text_of(const std::string& path, std::span<char> space) {
  const base::UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const auto size = file ? read(file.get(), space.data(), space.size()) : -1;
  return {space.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

bool is_stuck_process(const std::string& process) {
  std::array<char, 4096> space;
  return is_stuck(text_of("/proc/" + process + "/status", space));
}

/// The monitor or keeper, or a child of it: the front.
bool has_stuck_process(const Session& session) {
  const auto process = std::to_string(session.process);
  if (is_stuck_process(process))
    return true;
  std::array<char, 256> space;
  auto children = text_of("/proc/" + process + "/task/" + process + "/children", space);
  for (std::size_t end; (end = children.find(' ')) != children.npos;
       children.remove_prefix(end + 1))
    if (is_stuck_process(std::string(children.substr(0, end))))
      return true;
  return false;
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
