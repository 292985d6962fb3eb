// SPDX-License-Identifier: ISC
// Reads the lines of an import and converts them, passwords on all cores.
#pragma once

#include "admin/command_line.hpp"
#include "admin/import_report.hpp"

#include <cstdint>
#include <deque>
#include <istream>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace admin {

struct Imported {
  std::string line;
  std::uint64_t number; ///< Of the line in the input.
};

/// The lines to write.
struct Import {
  std::vector<std::string> names; ///< In the order of the input.
  std::unordered_map<std::string, Imported> lines;
};

class ImportReader {
 public:
  using Names = std::unordered_set<std::string>;
  /// Lines of one part, where the import comes in parts.
  static constexpr std::size_t lines_of_part = 1000;

  /// `there` has the users that stay as they are. The arguments must outlive the reader.
  ImportReader(const config::Settings& settings, const Values& given, std::istream& in, Names there,
               ImportReport& report)
      : settings_(settings), given_(given), in_(in), report_(report), there_(std::move(there)) {}

  /// The lines of the input or, where passwords have to be hashed, those of the next part; nothing
  /// after the last one. Reports what is left out. Throws Failure, std::system_error.
  std::optional<Import> next();

 private:
  struct Candidate;

  bool is_in_parts() const;
  std::deque<Candidate> read();
  void convert(std::deque<Candidate>& candidates);
  void convert(Candidate& candidate) const;

  const config::Settings& settings_;
  const Values& given_;
  std::istream& in_;
  ImportReport& report_;
  Names there_;
  Names taken_; ///< In the parts so far.
  std::uint64_t number_ = 0;
  bool is_at_end_ = false;
};

} // namespace admin
