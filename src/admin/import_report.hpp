// SPDX-License-Identifier: ISC
// Reports on an import while it runs: the lines that are left out, what is kept of old lines or
// dropped with them and, on a terminal, its progress.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <unistd.h>
#include <utility>

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

  /// The number of the line, from 1.
  std::uint64_t number() const { return number_; }

  /// Writes `sodapop: FILE:LINE: WHY` for the line to standard error, and counts the reason.
  void left_out(std::uint64_t line, const std::string& why) {
    count("left out", why);
    write(line, why);
  }
  /// Counts what the new line of a user keeps of the old one.
  void kept(const std::set<std::string>& what) {
    for (const auto& one : what)
      count("kept", one);
  }
  /// Writes and counts what goes with the old line of a user.
  void dropped(std::uint64_t line, const std::set<std::string>& what) {
    for (const auto& one : what) {
      count("dropped", one);
      write(line, "drops " + one + " of the old line");
    }
  }

  /// Prints `left out NUMBER: WHY`, a line for each reason, and the same for what was kept and
  /// dropped.
  void print_counts() const {
    for (const auto& [what, count] : counts_)
      std::cout << what.first << ' ' << count << ": " << what.second << '\n';
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds between_updates{100};

  void count(const std::string& outcome, const std::string& what) { ++counts_[{outcome, what}]; }

  void write(std::uint64_t line, const std::string& text) {
    clear();
    std::cerr << "sodapop: " << file_ << ':' << line << ": " << text << '\n';
  }

  std::string file_;
  bool is_terminal_ = ::isatty(STDERR_FILENO) == 1;
  bool is_shown_ = false;
  std::uint64_t number_ = 0;
  Clock::time_point shown_at_ = Clock::now();
  std::map<std::pair<std::string, std::string>, std::uint64_t> counts_;
};

} // namespace admin
