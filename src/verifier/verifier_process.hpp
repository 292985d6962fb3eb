// SPDX-License-Identifier: ISC
// Runs a child of the monitor that gives one answer and ends. The monitor waits for it no longer
// than necessary, and accepts only a whole answer.
#pragma once

#include "base/system_error.hpp"
#include "ipc/channel.hpp"
#include "verifier/verifier.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <unistd.h>

namespace verifier {

/// The time that a child has, from the deadline of its verification on, to end by itself. The
/// monitor kills it afterwards.
constexpr std::chrono::seconds time_to_end{5};

/// Copies `text` into an array of a message, cut if necessary so that it ends with a NUL.
template <std::size_t Size> void put(std::array<char, Size>& target, std::string_view text) {
  text.copy(target.data(), target.size() - 1);
}

/// The text in an array of a message, up to its first NUL or to its end.
template <std::size_t Size> std::string_view text_of(const std::array<char, Size>& octets) {
  const std::string_view all(octets.data(), octets.size());
  return all.substr(0, all.find('\0'));
}

/// Octets of the text of an exception that a child may send in place of its answer.
constexpr std::size_t max_problem = 100;

/// Forks a child without `channel` that runs `task`, which gets the descriptor for its one message;
/// poll(2) reports POLLHUP on it when the monitor is gone. The child is killed after its message,
/// and at `deadline`. True when the message filled `answer`. False, and logged, when it did not,
/// when the deadline has passed, and when `task` has thrown std::exception. Throws
/// std::system_error when no child can be started.
bool run_verifier(const std::function<void(int answer_fd)>& task, std::span<std::byte> answer,
                  const base::Log& log, ipc::Channel& channel,
                  std::chrono::steady_clock::time_point deadline);

/// True when a child that run_verifier() has started has crashed (base/crash.hpp).
bool has_verifier_crashed();

/// The answer of `task`, which runs as in run_verifier; nothing where that gives false.
template <class Answer>
std::optional<Answer> ask_verifier(const std::function<Answer(int answer_fd)>& task,
                                   const base::Log& log, ipc::Channel& channel,
                                   std::chrono::steady_clock::time_point deadline) {
  static_assert(std::is_trivially_copyable_v<Answer> && sizeof(Answer) > max_problem);
  const auto send = [&task](int answer_fd) {
    const auto answer = task(answer_fd);
    base::check(write(answer_fd, &answer, sizeof answer), "write the answer");
  };
  std::optional<Answer> answer{std::in_place}; // only one, as it may be large
  if (!run_verifier(send, std::as_writable_bytes(std::span(&*answer, 1)), log, channel, deadline))
    answer.reset();
  return answer;
}

} // namespace verifier
