// SPDX-License-Identifier: ISC
#include "admin/import_report.hpp"

#include <iostream>
#include <unistd.h>

namespace admin {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_updates{100};

} // namespace

ImportReport::ImportReport(const std::string& file)
    : file_(file == "-" ? "standard input" : file), is_terminal_(::isatty(STDERR_FILENO) == 1),
      shown_at_(Clock::now()) {}

ImportReport::~ImportReport() {
  clear();
}

void ImportReport::clear() {
  if (is_shown_)
    std::cerr << "\r\x1b[K" << std::flush;
  is_shown_ = false;
}

void ImportReport::next_line(std::size_t imported) {
  ++number_;
  if (!is_terminal_ || Clock::now() - shown_at_ < between_updates)
    return;
  std::cerr << "\rline " << number_ << ", " << imported << " users" << std::flush;
  is_shown_ = true;
  shown_at_ = Clock::now();
}

void ImportReport::left_out(const std::string& why) {
  clear();
  ++counts_[why];
  std::cerr << "sodapop: " << file_ << ':' << number_ << ": " << why << '\n';
}

void ImportReport::print_counts(std::ostream& out) {
  for (const auto& [why, count] : counts_)
    out << "left out " << count << ": " << why << '\n';
}

} // namespace admin
