// SPDX-License-Identifier: ISC
// What the site's checkpassword program writes, as lines of the log. Runs in the verifier, and
// distrusts the program's manners: it may repeat what the client has said.
#pragma once

#include "base/log.hpp"
#include "base/secret.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace verifier {

/// Lines of one run that are logged: a stranger can cause as many runs as logins are allowed.
constexpr unsigned max_output_lines = 20;
/// Octets of a line that are logged: a terminal's width, more than twice.
constexpr std::size_t max_output_line = 200;

class ProgramOutput {
 public:
  /// All three must outlive it.
  ProgramOutput(const base::Log& log, std::string_view user, const base::Secret& password)
      : log_(log), user_(user), password_(password) {}

  /// Any piece of the output, in its order.
  void take(std::string_view octets);
  /// The output is at its end: logs a line that has none, and how many lines were left out.
  void finish();

 private:
  void end_line();

  const base::Log& log_;
  std::string_view user_;
  const base::Secret& password_;
  std::string line_;
  unsigned lines_ = 0;
};

} // namespace verifier
