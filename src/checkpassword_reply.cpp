// SPDX-License-Identifier: ISC
#include "checkpassword_reply.hpp"

#include "privsep/checkpassword_reply.hpp"
#include "privsep/program.hpp"

#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr int first = 2, arguments = 4;
constexpr int misused = 2, temporary_problem = 111; // the interface's

void complain(std::string_view problem) {
  const auto line = "sodapopd: " + std::string(problem) + "\n";
  [[maybe_unused]] const auto written = write(2, line.data(), line.size());
}

privsep::Verdict verdict_of(char** argv) {
  const auto verdict =
      privsep::verdict_of_program([](const char* name) -> const char* { return std::getenv(name); },
                                  {geteuid(), getegid()}, argv[first], argv[first + 1]);
  if (verdict)
    return *verdict;
  complain(verdict.error());
  privsep::Verdict none;
  none.kind = privsep::Verdict::Kind::permanent;
  return none;
}

} // namespace

bool is_checkpassword_reply(int argc, char** argv) {
  return argc > 1 && std::string_view(argv[1]) == "--checkpassword-reply";
}

int reply_to_checkpassword(int argc, char** argv) noexcept {
  try {
    if (argc != arguments) {
      complain("--checkpassword-reply is for the program that the setting checkpassword names");
      return misused;
    }
    const auto verdict = verdict_of(argv);
    if (send(privsep::program_reply_fd, &verdict, sizeof verdict, MSG_NOSIGNAL) == sizeof verdict)
      return 0;
    complain("nobody reads descriptor 4");
    return misused;
  } catch (const std::exception& error) {
    complain(error.what());
    return temporary_problem;
  }
}
