// SPDX-License-Identifier: ISC
#include "server/start_failure.hpp"

#include "support/child.hpp"
#include "support/scratch.hpp"

#include <array>
#include <cerrno>
#include <doctest/doctest.h>
#include <ostream>
#include <stdexcept>
#include <string>
#include <sysexits.h>
#include <system_error>
#include <unistd.h>

using server::StartFailure;

namespace {

const StartFailure mistake{EX_CONFIG, "an 'odd' word"};

/// What a process that only calls tell_failure() writes to its standard error, a pipe, and to its
/// standard output, another one.
struct Told {
  explicit Told(const server::FailureTarget& target) {
    std::array<int, 2> output{}, error{};
    REQUIRE(pipe(output.data()) == 0);
    REQUIRE(pipe(error.data()) == 0);
    CHECK(support::Child([&] {
            dup2(output[1], 1);
            dup2(error[1], 2);
            server::tell_failure(mistake, target);
            return 0;
          }).exit_status() == 0);
    client = taken_from(output);
    errors = taken_from(error);
  }

  static std::string taken_from(const std::array<int, 2>& ends) {
    close(ends[1]);
    std::array<char, 4096> octets{};
    const auto size = read(ends[0], octets.data(), octets.size());
    close(ends[0]);
    return {octets.data(), static_cast<std::size_t>(size)};
  }

  std::string client, errors;
};

} // namespace

TEST_CASE("a failure of the system has another status, event and reply than a mistake") {
  const auto of_system =
      server::failure_of(std::system_error(ENOMEM, std::generic_category(), "x"));
  CHECK(of_system.status == EX_OSERR);
  CHECK(of_system.event() == "system");
  CHECK(of_system.reply() == "-ERR [SYS/TEMP] the server cannot start\r\n");
  const auto other = server::failure_of(std::runtime_error("odd"));
  CHECK(other.status == EX_CONFIG);
  CHECK(other.event() == "configuration");
  CHECK(other.problem == "odd");
}

TEST_CASE("standard error gets the sentence, and the log the event") {
  const Scratch directory;
  const auto log = directory.path("log");
  const Told told({.log = log, .has_client = false});
  CHECK(told.client == "");
  CHECK(told.errors == "sodapopd: an 'odd' word\n");
  const auto line = directory.read("log");
  CHECK(line.find("event=configuration problem=\"an 'odd' word\"\n") != line.npos);
}

TEST_CASE("a log that is standard error gets one line, and none where there is no log") {
  const Told told({.log = "stderr", .has_client = false});
  CHECK(told.errors.find("]: event=configuration problem=") != std::string::npos);
  CHECK(told.errors.find("sodapopd: ") == std::string::npos);
  CHECK(Told({.log = "", .has_client = false}).errors == "sodapopd: an 'odd' word\n");
}

TEST_CASE("the client gets the reply alone") {
  const Told told({.log = "", .has_client = true});
  CHECK(told.client == mistake.reply());
  CHECK(told.errors == "sodapopd: an 'odd' word\n");
}

TEST_CASE("a log that cannot be opened keeps nothing from standard error") {
  const Told told({.log = "/nonexistent/log", .has_client = false});
  CHECK(told.errors.find("an 'odd' word") != std::string::npos);
}
