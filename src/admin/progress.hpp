// SPDX-License-Identifier: ISC
// Shows on a terminal how far a long command is.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace admin {

/// Shows nothing where standard error is no terminal, in the first two seconds, and more than ten
/// times a second.
class Progress {
 public:
  /// `what` stands behind the number, such as `users checked`.
  explicit Progress(std::string what) : what_(std::move(what)) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  /// Shows `DONE WHAT`, or `DONE of ALL WHAT` if `all` is known.
  void at(std::uint64_t done, std::uint64_t all = 0);
  /// Removes the line. Call it before other output.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds quiet_at_first{2};
  static constexpr std::chrono::milliseconds between_updates{100};

  std::string what_;
  Clock::time_point next_ = Clock::now() + quiet_at_first;
  bool is_shown_ = false;
};

} // namespace admin
