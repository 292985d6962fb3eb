// SPDX-License-Identifier: ISC
#include "server/checkpassword_main.hpp"

#include "base/time_of_day.hpp"
#include "verifier/checkpassword/checkpassword_reply.hpp"
#include "verifier/checkpassword/program.hpp"

#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

namespace server {

namespace {

constexpr int arguments = 5;

void complain(std::string_view problem) {
  const auto line = "sodapopd: " + std::string(problem) + "\n";
  [[maybe_unused]] const auto written = write(2, line.data(), line.size());
}

verifier::Verdict verdict_of(char** argv) {
  const auto [verdict, problem] =
      verifier::verdict_of_program(::getenv, {{geteuid(), getegid()},
                                              argv[2],
                                              argv[3],
                                              base::Address::parse(argv[4]),
                                              base::seconds_since_1970()});
  if (!problem.empty())
    complain(problem);
  return verdict;
}

} // namespace

std::optional<int> reply_to_checkpassword(int argc, char** argv) noexcept {
  if (argc < 2 || std::string_view(argv[1]) != "--checkpassword-reply")
    return {};
  try {
    if (argc != arguments) {
      complain("--checkpassword-reply is for the program that the setting checkpassword names");
      return verifier::program_misused;
    }
    const auto reply = encode_reply(verdict_of(argv));
    if (send(verifier::program_reply_fd, &reply, sizeof reply, MSG_NOSIGNAL) == sizeof reply)
      return EX_OK;
    complain("nobody reads descriptor 4");
    return verifier::program_misused;
  } catch (const std::exception& error) {
    complain(error.what());
    return verifier::program_failed;
  }
}

} // namespace server
