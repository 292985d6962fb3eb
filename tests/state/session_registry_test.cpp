// SPDX-License-Identifier: ISC
#include "state/session_registry.hpp"

#include "base/hex.hpp"
#include "base/time_of_day.hpp"
#include "base/unique_fd.hpp"
#include "support/scratch_dir.hpp"

#include <array>
#include <boost/filesystem/operations.hpp>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <ostream>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <vector>

using state::RegisteredSession;

namespace {

struct Registry {
  support::ScratchDir scratch;
  std::string directory = scratch.path("sessions");

  std::optional<RegisteredSession> take(const std::string& session) const {
    return RegisteredSession::take(directory, {"alice", "192.0.2.7", 1000, 1000, 4711, session, 0});
  }
  std::optional<state::SessionRecord> read(const std::string& name) const {
    std::ifstream file(directory + "/" + name, std::ios::binary);
    return state::parse_session(std::string(std::istreambuf_iterator<char>(file), {}));
  }
  bool is_held(const std::string& name) const {
    const base::UniqueFd file(::open((directory + "/" + name).c_str(), O_RDONLY));
    return file && flock(file.get(), LOCK_SH | LOCK_NB) != 0;
  }
};

mode_t mode_of(const std::string& path) {
  struct stat facts {};
  return stat(path.c_str(), &facts) == 0 ? facts.st_mode & 07777 : 0;
}

/// The id of the session whose first choice among all places is `place`.
std::string id_of(unsigned place) {
  const std::array<unsigned char, 4> octets{0, 0, static_cast<unsigned char>(place >> 8),
                                            static_cast<unsigned char>(place)};
  return base::hex(octets);
}

} // namespace

TEST_CASE("a session in the list has a locked file of its own, in a directory that is made") {
  const Registry registry;
  {
    const auto session = registry.take("00000005ffff");
    REQUIRE(session.has_value());
    CHECK(mode_of(registry.directory) == 0700);
    CHECK(mode_of(registry.directory + "/0005") == 0600);
    CHECK(registry.is_held("0005"));
    CHECK(registry.read("0005")->session == "00000005ffff");
  }
  CHECK_FALSE(registry.is_held("0005"));
  const auto next = registry.take("000000050000");
  CHECK(registry.is_held("0005"));
  CHECK(registry.read("0005")->session == "000000050000");
}

TEST_CASE("a session whose place is taken goes to a wider range of places") {
  const Registry registry;
  const auto first = registry.take("00000fc5");
  const auto second = registry.take("00000fc5");
  const auto third = registry.take("00000fc5");
  CHECK(registry.is_held("0005"));
  CHECK(registry.is_held("0069")); // 0xc5 % 128
  CHECK(registry.is_held("0197")); // 0xc5
}

TEST_CASE("there are as many places as said, and none too many") {
  const Registry registry;
  std::vector<RegisteredSession> held;
  for (unsigned i = 0; i < state::session_places; ++i) {
    auto session = registry.take(id_of(i)); // its own place is free, so that it searches no other
    REQUIRE(session.has_value());
    held.push_back(std::move(*session));
    if (i + 1 == state::session_places - 1)
      CHECK(registry.take("0000").has_value()); // the place is free again at once
  }
  CHECK_FALSE(registry.take("0000").has_value());
  held.pop_back();
  CHECK(registry.take("abcd").has_value());
}

TEST_CASE("a file that is cut off during the session costs the list an entry, and no process") {
  const Registry registry;
  auto session = registry.take("00000001");
  REQUIRE(session.has_value());
  boost::filesystem::resize_file(registry.directory + "/0001", 0);
  session->note(3);
  CHECK_FALSE(registry.read("0001").has_value());
  CHECK(registry.is_held("0001"));
}

TEST_CASE("the client's activity is written once a second at most") {
  const Registry registry;
  auto session = registry.take("00000001");
  REQUIRE(session.has_value());
  session->note(3);
  const auto first = registry.read("0001");
  CHECK(first->retrieved == 3);
  CHECK(first->idle_since > first->since);
  session->note(5);
  const auto second = registry.read("0001");
  CHECK(second->retrieved == (second->idle_since == first->idle_since ? 3 : 5));
  while (base::seconds_since_1970() == second->idle_since)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  session->note(7);
  CHECK(registry.read("0001")->retrieved == 7);
}

TEST_CASE("a session that is in no list notes nothing") {
  RegisteredSession session;
  session.note(1);
}

TEST_CASE(
    "a list that cannot be had is a failure of the system, and a link in it is not followed") {
  const Registry registry;
  CHECK_THROWS_AS(RegisteredSession::take(registry.scratch.path("none/sessions"),
                                          {"alice", "local", 0, 0, 4711, "00", 0}),
                  std::system_error);
  boost::filesystem::create_directory(registry.directory);
  boost::filesystem::create_symlink(registry.scratch.path("elsewhere"),
                                    registry.directory + "/0007");
  CHECK_THROWS_AS(registry.take("00000007"), std::system_error);
  CHECK_FALSE(boost::filesystem::exists(registry.scratch.path("elsewhere")));
}
