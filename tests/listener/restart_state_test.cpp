// SPDX-License-Identifier: ISC
#include "listener/restart_state.hpp"

#include "base/system_error.hpp"
#include "support/scratch_dir.hpp"

#include <boost/filesystem/operations.hpp>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>

using listener::load_restart_state;
using listener::RestartState;

namespace {

base::Address address(const char* text) {
  return base::Address::parse(text).value();
}

RestartState load_saved(const RestartState& state) {
  const support::ScratchDir directory;
  return load_restart_state(save(state, directory.path()).release());
}

RestartState example() {
  return {{3, 7},
          {{4711, address("192.0.2.7"), true, false, true, false, 5},
           {4712, {}, false, true, false, true, 6}},
          42,
          9};
}

} // namespace

TEST_CASE("a restart keeps the sockets and the sessions") {
  const auto loaded = load_saved(example());
  CHECK(loaded.key == 42);
  CHECK(loaded.progress == 9);
  CHECK(loaded.sockets == std::vector<int>{3, 7});
  REQUIRE(loaded.sessions.size() == 2);
  CHECK(loaded.sessions[0].process == 4711);
  CHECK((loaded.sessions[0].source == address("192.0.2.7")));
  CHECK(loaded.sessions[0].is_preferred);
  CHECK_FALSE(loaded.sessions[0].is_ending);
  CHECK(loaded.sessions[0].place == 5);
  CHECK(loaded.sessions[1].process == 4712);
  CHECK(loaded.sessions[1].is_ending);
  CHECK_FALSE(loaded.sessions[1].source.has_value());
}

TEST_CASE("a restart keeps a listener without sessions, and one with as many as are possible") {
  CHECK(load_saved({{3}, {}}).sessions.empty());
  const RestartState full{{3}, listener::SessionTable(100'000)};
  CHECK(load_saved(full).sessions.size() == 100'000);
}

TEST_CASE("another file is no state") {
  const support::ScratchDir directory;
  auto cut = save(example(), directory.path());
  CHECK(boost::filesystem::is_empty(directory.path()));
  base::check(ftruncate(cut.get(), lseek(cut.get(), 0, SEEK_END) - 1), "ftruncate");
  lseek(cut.get(), 0, SEEK_SET);
  CHECK_THROWS_AS(load_restart_state(cut.release()), std::runtime_error);
  CHECK_THROWS_AS(load_restart_state(memfd_create("empty", MFD_CLOEXEC)), std::runtime_error);
  CHECK_THROWS_AS(load_restart_state(open("/dev/null", O_RDONLY | O_CLOEXEC)), std::runtime_error);
  CHECK_THROWS_AS(load_restart_state(-1), std::system_error);
}
