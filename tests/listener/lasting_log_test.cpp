// SPDX-License-Identifier: ISC
#include "listener/lasting_log.hpp"

#include "support/files.hpp"
#include "support/lost_lines.hpp"
#include "support/scratch_dir.hpp"

#include <cstdio>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

using listener::LastingLog;
using namespace std::chrono_literals;

namespace {

const auto start = LastingLog::Clock::now();

struct Rotated {
  support::ScratchDir directory;
  std::string path = directory.path("log");
  LastingLog log;

  Rotated() {
    log.open(path, start);
    std::rename(path.c_str(), old().c_str());
  }
  std::string old() const { return directory.path("log.1"); }
  bool has(const std::string& file, const std::string& event) const {
    return support::read_file(file).find("event=" + event) != std::string::npos;
  }
};

} // namespace

TEST_CASE("a log that is old enough is opened again, by its name") {
  Rotated rotated;
  rotated.log.refresh(rotated.path, start + LastingLog::age - 1ns);
  rotated.log.current().write(base::Event("early"));
  CHECK(rotated.has(rotated.old(), "early"));
  rotated.log.refresh(rotated.path, start + LastingLog::age);
  rotated.log.current().write(base::Event("late"));
  CHECK(rotated.has(rotated.path, "late"));
}

TEST_CASE(
    "the listener does not wait for its log, which counts lost lines also when opened again") {
  const support::ScratchDir directory;
  const auto path = directory.path("fifo");
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  const base::UniqueFd reader(open(path.c_str(), O_RDONLY | O_NONBLOCK));
  const base::UniqueFd writer(open(path.c_str(), O_WRONLY | O_NONBLOCK));
  while (write(writer.get(), "\n", 1) > 0) {
  }
  LastingLog log;
  log.open(path, start);
  log.set_lost_lines(support::make_lost_lines());
  const auto begin = LastingLog::Clock::now();
  log.current().write(base::Event("lost"));
  log.reopen(path, start);
  log.current().write(base::Event("lost"));
  CHECK(LastingLog::Clock::now() - begin < base::Log::session_patience / 2);
  auto session = log.take();
  auto lost = session.take_lost_lines();
  CHECK(*lost == 2);
  session.write(base::Event("of a session"));
  CHECK(LastingLog::Clock::now() - begin >= base::Log::session_patience);
}

TEST_CASE("a log that cannot be opened leaves the one that is open") {
  Rotated rotated;
  CHECK_THROWS_AS(rotated.log.open(rotated.directory.path("missing/log"), start),
                  std::system_error);
  rotated.log.current().write(base::Event("next"));
  CHECK(rotated.has(rotated.old(), "next"));
}
