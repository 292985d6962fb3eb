// SPDX-License-Identifier: ISC
// Reports on an import while it runs: the lines that are left out and, on a terminal, its progress.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>

namespace admin {

class ImportReport {
 public:
  /// `file` is the name to print before line numbers; `-` means standard input.
  explicit ImportReport(const std::string& file);
  ImportReport(const ImportReport&) = delete;
  ImportReport& operator=(const ImportReport&) = delete;
  /// Clears the line of progress.
  ~ImportReport();

  /// Call it before each line. On a terminal it shows the line number and `imported`, at most ten
  /// times a second.
  void next_line(std::size_t imported);
  /// Writes `sodapop: FILE:LINE: WHY` for the line to standard error, and counts the reason.
  void left_out(const std::string& why);
  /// Clears the line of progress, before other output.
  void clear();
  /// Prints `left out NUMBER: WHY`, a line for each reason.
  void print_counts(std::ostream& out);

 private:
  std::string file_;
  bool is_terminal_;
  bool is_shown_ = false;
  std::uint64_t number_ = 0;
  std::chrono::steady_clock::time_point shown_at_;
  std::map<std::string, std::uint64_t> counts_;
};

} // namespace admin
