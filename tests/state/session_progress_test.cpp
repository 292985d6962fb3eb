// SPDX-License-Identifier: ISC
#include "state/session_progress.hpp"

#include "support/child.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <ostream>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

using state::Progress;
using state::ProgressMark;
using state::ProgressTable;

namespace {

bool is_mapped() {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);)
    if (line.find("sodapopd-progress") != line.npos)
      return true;
  return false;
}

} // namespace

TEST_CASE("a session gets the lowest free place and waits there") {
  ProgressTable table;
  CHECK(table.take() == 0);
  CHECK(table.take() == 1);
  CHECK(table.take() == 2);
  CHECK(table.at(1) == Progress::waiting);
  table.give_back(1);
  CHECK(table.at(1) == Progress::none);
  CHECK(table.take() == 1);
  CHECK(table.take() == 3);
}

TEST_CASE("the last place is shared when all are taken") {
  ProgressTable table;
  const std::string waiting(ProgressTable::places - 1, static_cast<char>(Progress::waiting));
  REQUIRE(pwrite(table.fd(), waiting.data(), waiting.size(), 0) ==
          static_cast<ssize_t>(waiting.size()));
  CHECK(table.take() == ProgressTable::places - 1);
  CHECK(table.take() == ProgressTable::places - 1);
}

TEST_CASE("the listener sees what a monitor has set, the monitor's children see nothing") {
  ProgressTable table;
  table.take();
  const auto place = table.take();
  support::Child monitor([&] {
    auto mark = table.hand_over(place);
    mark.hide_from_children();
    const auto child_has_it = [] { return support::Child(is_mapped).exit_status(); };
    if (!is_mapped() || child_has_it() != 0)
      return 1;
    mark.set(Progress::checking);
    mark.set(Progress::waiting);
    mark.finish();
    mark.set(Progress::waiting); // for good: the memory is given up
    return is_mapped() ? 2 : 0;
  });
  CHECK(monitor.exit_status() == 0);
  CHECK(table.at(place) == Progress::logged_in);
  CHECK(table.at(0) == Progress::waiting);
}

TEST_CASE("a restart takes over the memory") {
  ProgressTable old;
  old.take();
  CHECK((fcntl(old.fd(), F_GETFD) & FD_CLOEXEC) != 0);
  const base::UniqueFd passed(dup(old.fd())); // without FD_CLOEXEC, as execve(2) needs it
  ProgressTable table{base::UniqueFd(dup(passed.get()))};
  CHECK((fcntl(table.fd(), F_GETFD) & FD_CLOEXEC) != 0);
  CHECK(table.at(0) == Progress::waiting);
  CHECK(table.take() == 1);
  CHECK(old.at(1) == Progress::waiting);
}

TEST_CASE("another file is not taken over") {
  CHECK_THROWS_AS(ProgressTable{base::UniqueFd(memfd_create("other", MFD_CLOEXEC))},
                  std::runtime_error);
  CHECK_THROWS_AS(ProgressTable{base::UniqueFd(1 << 20)}, std::system_error);
}

TEST_CASE("a session without a listener has no octet to set") {
  ProgressMark mark;
  mark.hide_from_children();
  mark.set(Progress::checking);
  mark.finish();
}
