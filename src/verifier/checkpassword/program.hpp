// SPDX-License-Identifier: ISC
// Runs the site's checkpassword program once, as https://cr.yp.to/checkpwd/interface.html describes
// it. Runs in the verifier, with the uid that started the server. The program is the site's and
// trusted; the process that it becomes after setuid(2) is not.
#pragma once

#include "base/secret.hpp"
#include "sandbox/identity.hpp"
#include "verifier/checkpassword/program_output.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace verifier {

/// The maximum number of octets that the program reads from descriptor 3, by the interface.
constexpr std::size_t max_program_message = 512;
/// The descriptors for name and password, which the program reads, and for the reply.
constexpr int program_message_fd = 3, program_reply_fd = 4;
/// The program's exit statuses, by the interface: the login is refused; the interface was misused;
/// there is a temporary problem, as with all other statuses but 0.
constexpr int program_refused = 1, program_misused = 2, program_failed = 111;

struct Program {
  std::vector<std::string> arguments; ///< The first is its absolute path.
  std::vector<std::string> environment;
};

/// The result of a run.
struct ProgramEnd {
  enum class Kind { exited, killed, timed_out, lifeline_cut };
  Kind kind = Kind::timed_out;
  int number = 0; ///< The exit status, or the signal.

  unsigned replies = 0;         ///< Messages on descriptor 4; counted up to 2.
  std::vector<std::byte> reply; ///< The first message, cut after `longest_reply` + 1 octets.
  base::Identity sender{};      ///< Of the sender of `reply`, from the kernel.
};

/// Runs `program` in a session of its own, with /dev/null on descriptor 0, its output to `output`,
/// `message` on 3, a socket for replies of at most `longest_reply` octets on 4, and no other
/// descriptors. `message` has at most max_program_message octets and includes the password. Waits
/// until the program ends, at most until `deadline`, or until the other end of `lifeline`, a pipe
/// or a socket, is closed; then kills all processes that are left in the program's process group.
/// Throws std::system_error.
ProgramEnd run_program(const Program& program, const base::Secret& message, ProgramOutput& output,
                       std::size_t longest_reply, int lifeline,
                       std::chrono::steady_clock::time_point deadline);

} // namespace verifier
