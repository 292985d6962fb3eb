// SPDX-License-Identifier: ISC
#include "verifier/checkpassword/program_output.hpp"

#include "verifier/checkpassword/program.hpp"

#include <algorithm>

namespace verifier {

namespace {

/// A password that begins within the logged part must be kept whole to be found and left out.
constexpr std::size_t kept_of_line = max_output_line + max_program_message;

} // namespace

void ProgramOutput::take(std::string_view octets) {
  while (!octets.empty()) {
    const auto end = octets.find('\n');
    const auto piece = octets.substr(0, end);
    line_ += piece.substr(0, kept_of_line - std::min(line_.size(), kept_of_line));
    if (end == std::string_view::npos)
      return;
    end_line();
    octets.remove_prefix(end + 1);
  }
}

void ProgramOutput::finish() {
  if (!line_.empty())
    end_line();
  if (lines_ > max_output_lines)
    log_.write(base::Event("checkpassword", base::Level::warning)
                   .with("lines-left-out", std::uint64_t{lines_ - max_output_lines})
                   .with("user", user_));
}

void ProgramOutput::end_line() {
  const bool has_password =
      !password_.empty() && line_.find(password_.reveal()) != std::string::npos;
  if (lines_ < max_output_lines)
    log_.write(base::Event("checkpassword", base::Level::warning)
                   .with_quoted("line", has_password
                                            ? "(a line with the password in it)"
                                            : std::string_view(line_).substr(0, max_output_line))
                   .with("user", user_));
  ++lines_;
  base::wipe(line_.data(), line_.size());
  line_.clear();
}

} // namespace verifier
