// SPDX-License-Identifier: ISC
// Reports on an import while it runs: the lines that are left out, what is kept of old lines or
// dropped with them and, on a terminal, its progress.
#pragma once

#include "admin/printable.hpp"
#include "admin/progress.hpp"
#include "users/user.hpp"

#include <cstdint>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace admin {

class ImportReport {
 public:
  /// `file` is the name to print before line numbers; `-` means standard input.
  explicit ImportReport(const std::string& file) : file_(file == "-" ? "standard input" : file) {}

  /// Shows on a terminal that the lines up to this number, from 1, are done.
  void at(std::uint64_t line) { progress_.at(line); }
  /// Ends that, before other output.
  void clear() { progress_.clear(); }

  /// Writes `sodapop: FILE:LINE: NAME: WHY` to standard error, and counts the reason. `name` is
  /// empty where the line has none.
  void left_out(std::uint64_t line, const std::string& name, const std::string& why) {
    ++left_out_;
    count("left out", why);
    write(line, name, why);
  }
  /// Counts what the new line of a user keeps of the old one.
  void kept(const std::set<std::string>& what) {
    for (const auto& one : what)
      count("kept", one);
  }
  /// Writes and counts what goes with the old line of a user.
  void dropped(std::uint64_t line, const std::string& name, const std::set<std::string>& what) {
    for (const auto& one : what) {
      count("dropped", one);
      write(line, name, "drops " + one + " of the old line");
    }
  }

  /// How many lines are left out so far.
  std::uint64_t number_left_out() const { return left_out_; }

  /// Prints `left out NUMBER: WHY`, a line for each reason, and the same for what was kept and
  /// dropped.
  void print_counts() const {
    for (const auto& [what, count] : counts_)
      std::cout << what.first << ' ' << count << ": " << what.second << '\n';
  }

 private:
  void count(const std::string& outcome, const std::string& what) { ++counts_[{outcome, what}]; }

  void write(std::uint64_t line, const std::string& name, const std::string& text) {
    clear();
    std::cerr << "sodapop: " << file_ << ':' << line << ": ";
    if (users::is_valid_name(name))
      std::cerr << name << ": ";
    else if (!name.empty())
      std::cerr << '\'' << printable(name.substr(0, users::max_name)) << "': ";
    std::cerr << text << '\n';
  }

  std::string file_;
  std::uint64_t left_out_ = 0;
  std::map<std::pair<std::string, std::string>, std::uint64_t> counts_;
  Progress progress_{"lines read"};
};

} // namespace admin
