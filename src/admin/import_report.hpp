// SPDX-License-Identifier: ISC
// Reports on an import while it runs: the lines that are left out and, on a terminal, its progress.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <map>
#include <string>
#include <unistd.h>

namespace admin {

class ImportReport {
 public:
  /// `file` is the name to print before line numbers; `-` means standard input.
  explicit ImportReport(const std::string& file) : file_(file == "-" ? "standard input" : file) {}
  ImportReport(const ImportReport&) = delete;
  ImportReport& operator=(const ImportReport&) = delete;
  ~ImportReport() { clear(); }

  /// Clears the line of progress, before other output.
  void clear() {
    if (is_shown_)
      std::cerr << "\r\x1b[K" << std::flush;
    is_shown_ = false;
  }

  /// Call it before each line. On a terminal it shows the line number and `imported`, at most ten
  /// times a second.
  void next_line(std::size_t imported) {
    ++number_;
    if (!is_terminal_ || Clock::now() - shown_at_ < between_updates)
      return;
    std::cerr << "\rline " << number_ << ", " << imported << " users" << std::flush;
    is_shown_ = true;
    shown_at_ = Clock::now();
  }

  /// Writes `sodapop: FILE:LINE: WHY` for the line to standard error, and counts the reason.
  void left_out(const std::string& why) {
    clear();
    ++counts_[why];
    std::cerr << "sodapop: " << file_ << ':' << number_ << ": " << why << '\n';
  }

  /// Prints `left out NUMBER: WHY`, a line for each reason.
  void print_counts() const {
    for (const auto& [why, count] : counts_)
      std::cout << "left out " << count << ": " << why << '\n';
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds between_updates{100};

  std::string file_;
  bool is_terminal_ = ::isatty(STDERR_FILENO) == 1;
  bool is_shown_ = false;
  std::uint64_t number_ = 0;
  Clock::time_point shown_at_ = Clock::now();
  std::map<std::string, std::uint64_t> counts_;
};

} // namespace admin
