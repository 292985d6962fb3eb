// SPDX-License-Identifier: ISC
#include "state/lost_lines.hpp"

#include "support/scratch.hpp"

#include <cstdint>
#include <doctest/doctest.h>
#include <string_view>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using state::share_lost_lines;

TEST_CASE("all processes add to one number of lost lines") {
  const Scratch scratch;
  const auto lost = share_lost_lines(scratch.path());
  REQUIRE(lost != nullptr);
  CHECK(*lost == 0);
  const pid_t child = fork();
  if (child == 0) {
    *lost += 2;
    *share_lost_lines(scratch.path()) += 3;
    _exit(0);
  }
  REQUIRE(waitpid(child, nullptr, 0) == child);
  CHECK(*lost == 5);
  CHECK(*share_lost_lines(scratch.path()) == 5);
}

TEST_CASE("the file is private and has room for the number") {
  const Scratch scratch;
  share_lost_lines(scratch.path());
  struct stat facts {};
  REQUIRE(stat(scratch.path("lost-lines").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777) == 0600);
  CHECK(facts.st_size == sizeof(std::uint64_t));
  CHECK(facts.st_blocks > 0);
}

TEST_CASE("a file of lost lines that is cut off starts at zero, one that is too long is used") {
  const Scratch scratch;
  using namespace std::string_view_literals;
  for (const auto text : {""sv, "\1\2\3\4\5\6\7"sv}) {
    scratch.write("lost-lines", text);
    const auto lost = share_lost_lines(scratch.path());
    REQUIRE(lost != nullptr);
    CHECK(*lost == 0);
  }
  scratch.write("lost-lines", "\7\0\0\0\0\0\0\0more"sv);
  CHECK(*share_lost_lines(scratch.path()) == 7);
}

TEST_CASE("when the file is cut off lines are written all the same, and not counted") {
  const Scratch scratch;
  auto log = base::Log::open(scratch.path("log"), "a");
  log.set_lost_lines(share_lost_lines(scratch.path()));
  REQUIRE(truncate(scratch.path("lost-lines").c_str(), 0) == 0);
  log.write(base::Event("one"));
  CHECK(scratch.read("log").ends_with(" event=one\n"));
}

TEST_CASE("without a private file lost lines are not counted") {
  const Scratch scratch;
  CHECK(share_lost_lines(scratch.path("missing")) == nullptr);
  scratch.write("lost-lines", "", 0644);
  CHECK(share_lost_lines(scratch.path()) == nullptr);
  REQUIRE(unlink(scratch.path("lost-lines").c_str()) == 0);
  REQUIRE(symlink("elsewhere", scratch.path("lost-lines").c_str()) == 0);
  CHECK(share_lost_lines(scratch.path()) == nullptr);
  CHECK(access(scratch.path("elsewhere").c_str(), F_OK) != 0);
}
