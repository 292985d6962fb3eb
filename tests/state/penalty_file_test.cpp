// SPDX-License-Identifier: ISC
#include "state/penalty_file.hpp"

#include "support/scratch.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <functional>
#include <ostream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

using state::PenaltyFile;

namespace {

constexpr std::size_t magic_octets = 16, boot_octets = 36;

struct stat facts_of(const Scratch& scratch, const std::string& name = "penalties") {
  struct stat facts {};
  REQUIRE(lstat(scratch.path(name).c_str(), &facts) == 0);
  return facts;
}

/// The inode of the file; an octet of its entries is set, by which a new file is told from it.
ino_t make_used(const Scratch& scratch) {
  const auto file = PenaltyFile::open(scratch.path());
  REQUIRE(file.has_value());
  REQUIRE(pwrite(file->fd.get(), "x", 1, PenaltyFile::octets - 1) == 1);
  return facts_of(scratch).st_ino;
}

bool is_new_and_empty(const Scratch& scratch) {
  const auto text = scratch.read("penalties");
  const auto facts = facts_of(scratch);
  return S_ISREG(facts.st_mode) && (facts.st_mode & 07777) == 0600 &&
         text.size() == PenaltyFile::octets &&
         text.find_first_not_of('\0', PenaltyFile::header_octets) == text.npos;
}

} // namespace

TEST_CASE("a missing file is made, its owner's alone, of the whole size") {
  const Scratch scratch;
  const auto file = PenaltyFile::open(scratch.path());
  REQUIRE(file.has_value());
  CHECK(is_new_and_empty(scratch));
  CHECK(file->key != std::array<unsigned char, 16>());
  // No hole: a write to it needs no more space.
  CHECK(facts_of(scratch).st_blocks * 512 >= off_t{PenaltyFile::octets});
}

TEST_CASE("a good file is opened as it is, with the same key") {
  const Scratch scratch;
  const auto inode = make_used(scratch);
  const auto first = PenaltyFile::open(scratch.path()), second = PenaltyFile::open(scratch.path());
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  CHECK(first->key == second->key);
  CHECK(facts_of(scratch).st_ino == inode);
  CHECK_FALSE(is_new_and_empty(scratch));
}

TEST_CASE(
    "a file that is cut, too long, of another version or boot, or open to others is made anew") {
  const std::function<void(const std::string&)> damages[] = {
      [](const auto& path) { REQUIRE(truncate(path.c_str(), 0) == 0); },
      [](const auto& path) { REQUIRE(truncate(path.c_str(), 40) == 0); },
      [](const auto& path) { REQUIRE(truncate(path.c_str(), PenaltyFile::octets - 1) == 0); },
      [](const auto& path) { REQUIRE(truncate(path.c_str(), PenaltyFile::octets + 1) == 0); },
      [](const auto& path) {
        const base::UniqueFd fd(open(path.c_str(), O_WRONLY));
        REQUIRE(pwrite(fd.get(), "1", 1, magic_octets - 1) == 1);
      },
      [](const auto& path) {
        const base::UniqueFd fd(open(path.c_str(), O_WRONLY));
        REQUIRE(pwrite(fd.get(), "x", 1, magic_octets + boot_octets - 1) == 1);
      },
      [](const auto& path) { REQUIRE(chmod(path.c_str(), 0640) == 0); },
      [](const auto& path) { REQUIRE(chmod(path.c_str(), 0602) == 0); },
  };
  for (const auto& damage : damages) {
    const Scratch scratch;
    make_used(scratch);
    damage(scratch.path("penalties"));
    REQUIRE(PenaltyFile::open(scratch.path()).has_value());
    CHECK(is_new_and_empty(scratch));
    CHECK_FALSE(PenaltyFile::problem(scratch.path()));
  }
}

TEST_CASE("what is no regular file gives way, and what a link leads to is left alone") {
  const Scratch scratch;
  scratch.write("elsewhere", "text", 0644);
  REQUIRE(symlink("elsewhere", scratch.path("penalties").c_str()) == 0);
  CHECK_FALSE(PenaltyFile::open_existing(scratch.path()));
  REQUIRE(PenaltyFile::open(scratch.path()).has_value());
  CHECK(is_new_and_empty(scratch));
  CHECK(scratch.read("elsewhere") == "text");
  REQUIRE(unlink(scratch.path("penalties").c_str()) == 0);
  REQUIRE(mkfifo(scratch.path("penalties").c_str(), 0600) == 0);
  REQUIRE(PenaltyFile::open(scratch.path()).has_value());
  CHECK(is_new_and_empty(scratch));
}

TEST_CASE("a directory in its place is a problem in words, and no exception") {
  const Scratch scratch;
  REQUIRE(mkdir(scratch.path("penalties").c_str(), 0700) == 0);
  const auto file = PenaltyFile::open(scratch.path());
  REQUIRE_FALSE(file.has_value());
  CHECK(file.error().find("penalties") != std::string::npos);
  CHECK_FALSE(PenaltyFile::open_existing(scratch.path()));
  CHECK(PenaltyFile::problem(scratch.path()) == "it is a directory");
}

TEST_CASE("a directory that is missing or takes no file is a problem in words") {
  const Scratch scratch;
  CHECK_FALSE(PenaltyFile::open(scratch.path("missing")).has_value());
  CHECK_FALSE(PenaltyFile::open("/proc").has_value());
  CHECK_FALSE(PenaltyFile::problem(scratch.path("missing")));
  CHECK_FALSE(PenaltyFile::open_existing(scratch.path("missing")));
}

TEST_CASE("without space for all of it, no file is made and none is left over") {
  const Scratch scratch;
  const auto child = fork();
  if (child == 0) {
    const rlimit limit{PenaltyFile::octets - 1, PenaltyFile::octets - 1};
    signal(SIGXFSZ, SIG_IGN);
    _exit(setrlimit(RLIMIT_FSIZE, &limit) == 0 && !PenaltyFile::open(scratch.path()) ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  REQUIRE(rmdir(scratch.path().c_str()) == 0); // it is empty
  REQUIRE(mkdir(scratch.path().c_str(), 0700) == 0);
}

TEST_CASE("a process that is killed while it makes the file leaves none, or a whole one") {
  for (int microseconds = 0; microseconds < 3000; microseconds += 300) {
    const Scratch scratch;
    const auto child = fork();
    if (child == 0)
      _exit(PenaltyFile::open(scratch.path()) ? 0 : 1);
    usleep(static_cast<useconds_t>(microseconds));
    kill(child, SIGKILL);
    REQUIRE(waitpid(child, nullptr, 0) == child);
    const auto size = scratch.read("penalties").size();
    CHECK((size == 0 || size == PenaltyFile::octets));
    CHECK(PenaltyFile::open(scratch.path()).has_value());
  }
}

TEST_CASE("processes that make the file at the same time have the same one") {
  for (const bool is_damaged : {false, true}) {
    const Scratch scratch;
    if (is_damaged)
      scratch.write("penalties", "damaged");
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    constexpr int processes = 8;
    for (int i = 0; i < processes; ++i)
      if (fork() == 0) {
        const auto file = PenaltyFile::open(scratch.path());
        _exit(file && write(ends[1], file->key.data(), file->key.size()) > 0 ? 0 : 1);
      }
    std::array<unsigned char, 16> first{}, key{};
    REQUIRE(read(ends[0], first.data(), first.size()) == 16);
    for (int i = 1; i < processes; ++i) {
      REQUIRE(read(ends[0], key.data(), key.size()) == 16);
      CHECK(key == first);
    }
    while (wait(nullptr) > 0) {
    }
    close(ends[0]);
    close(ends[1]);
  }
}

TEST_CASE("the tool opens a good file of any mode, and makes none") {
  const Scratch scratch;
  CHECK_FALSE(PenaltyFile::open_existing(scratch.path()));
  CHECK_FALSE(PenaltyFile::problem(scratch.path()));
  make_used(scratch);
  REQUIRE(chmod(scratch.path("penalties").c_str(), 0644) == 0);
  CHECK(PenaltyFile::open_existing(scratch.path()));
  REQUIRE(truncate(scratch.path("penalties").c_str(), 10) == 0);
  CHECK_FALSE(PenaltyFile::open_existing(scratch.path()));
}
