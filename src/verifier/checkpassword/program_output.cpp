// SPDX-License-Identifier: ISC
#include "verifier/checkpassword/program_output.hpp"

#include "base/split.hpp"
#include "verifier/checkpassword/program.hpp"

#include <algorithm>

namespace verifier {

namespace {

/// A password that begins within the logged part must be kept whole to be found and left out.
constexpr std::size_t kept_of_line = max_output_line + max_program_message;

} // namespace

void ProgramOutput::take(std::string_view octets) {
  while (!octets.empty()) {
    const bool has_end = octets.find('\n') != octets.npos;
    const auto piece = base::take_field(octets, "\n");
    line_ += piece.substr(0, kept_of_line - std::min(line_.size(), kept_of_line));
    if (has_end)
      end_line();
  }
}

void ProgramOutput::finish() {
  if (!line_.empty())
    end_line();
  if (lines_ > max_output_lines)
    log(base::Event("checkpassword", base::Level::warning)
            .with("lines-left-out", std::uint64_t{lines_ - max_output_lines}));
}

/// Takes the name only now, as most programs have no output.
void ProgramOutput::log(base::Event event) const {
  const auto name = verdicts_.name_field();
  log_.write(event.with(name.key, name.value));
}

void ProgramOutput::end_line() {
  auto shown = std::string_view(line_).substr(0, max_output_line);
  if (!password_.empty() && line_.find(password_.reveal()) != line_.npos)
    shown = "(a line with the password in it)";
  if (lines_ < max_output_lines)
    log(base::Event("checkpassword", base::Level::warning).with_quoted("line", shown));
  ++lines_;
  base::wipe(line_.data(), line_.size());
  line_.clear();
}

} // namespace verifier
