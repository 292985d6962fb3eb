// SPDX-License-Identifier: ISC
// Logs the output of the site's checkpassword program, line by line. Runs in the verifier. The
// program may repeat what the client has sent, so the output is limited, and a line with the
// password is replaced.
#pragma once

#include "base/log.hpp"
#include "base/secret.hpp"
#include "verifier/verdict_log.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace verifier {

/// The maximum number of lines of one run that are logged: an unauthenticated client can cause as
/// many runs as login attempts are allowed.
constexpr unsigned max_output_lines = 20;
/// The maximum number of octets of a line that are logged: more than twice the width of a terminal.
constexpr std::size_t max_output_line = 200;

class ProgramOutput {
 public:
  /// All three must outlive this object. `verdicts` has the name for the log.
  ProgramOutput(const base::Log& log, const VerdictLog& verdicts, const base::Secret& password)
      : log_(log), verdicts_(verdicts), password_(password) {}

  /// Takes the next piece of the output, of any length.
  void take(std::string_view octets);
  /// Ends the output: logs a last line without a newline, and how many lines were left out.
  void finish();

 private:
  void end_line();
  void log(base::Event event) const;

  const base::Log& log_;
  const VerdictLog& verdicts_;
  const base::Secret& password_;
  std::string line_;
  unsigned lines_ = 0;
};

} // namespace verifier
