// SPDX-License-Identifier: ISC
// One run of the site's checkpassword program, as https://cr.yp.to/checkpwd/interface.html has it.
// Runs in the verifier, as whoever started the server; the program is the site's and trusted, what
// it becomes by setuid(2) is not.
#pragma once

#include "base/log.hpp"
#include "base/secret.hpp"
#include "sandbox/identity.hpp"
#include "verifier/checkpassword/program_output.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace verifier {

/// Octets that the program reads from descriptor 3, by the interface.
constexpr std::size_t max_program_message = 512;
/// Where the program reads name and password, and where the reply goes.
constexpr int program_message_fd = 3, program_reply_fd = 4;

struct Program {
  std::vector<std::string> arguments; ///< The first is its absolute path.
  std::vector<std::string> environment;
};

/// What came of it.
struct ProgramEnd {
  enum class Kind { exited, killed, timed_out, lifeline_cut };
  Kind kind = Kind::timed_out;
  int number = 0; ///< The exit status, or the signal.

  unsigned replies = 0;         ///< Messages on descriptor 4; counted up to 2.
  std::vector<std::byte> reply; ///< The first of them; one that is too long is cut after limit + 1.
  base::Identity sender{};      ///< Who has sent it, by what the kernel says.
};

/// Runs `program` with `message` (at most max_program_message octets, of which the password is a
/// part) on descriptor 3, /dev/null on 0, its output to `output`, a socket for replies of at most
/// `longest_reply` octets on 4, nothing else, in a session of its own. Waits until the program
/// ends, at most until `deadline`, or until `lifeline`, the writing end of a pipe, has no reader;
/// then kills all that is left of its process group. Throws std::system_error.
ProgramEnd run_program(const Program& program, const base::Secret& message, ProgramOutput& output,
                       std::size_t longest_reply, int lifeline,
                       std::chrono::steady_clock::time_point deadline);

} // namespace verifier
