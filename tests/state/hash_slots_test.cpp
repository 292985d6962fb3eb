// SPDX-License-Identifier: ISC
#include "state/hash_slots.hpp"

#include "support/scratch.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <functional>
#include <set>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

using state::HashSlots;
using Clock = HashSlots::Clock;
using namespace std::chrono_literals;

namespace {

/// A process that does `work`, reports the result and waits until it is killed.
class Holder {
 public:
  explicit Holder(const std::function<bool()>& work) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(ends[0]);
      const char answer = work() ? 'y' : 'n';
      (void)!::write(ends[1], &answer, 1);
      ::pause();
      ::_exit(0);
    }
    ::close(ends[1]);
    char answer = 0;
    (void)!::read(ends[0], &answer, 1);
    ::close(ends[0]);
    succeeded_ = answer == 'y';
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder() { kill(); }

  bool succeeded() const { return succeeded_; }
  void kill() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    pid_ = -1;
  }

 private:
  pid_t pid_ = -1;
  bool succeeded_ = false;
};

Clock::time_point at_once() {
  return Clock::now() - 1s;
}

/// Takes the only slot until the process dies.
bool hold(const std::string& path) {
  static HashSlots slots(path, 1);
  static const auto slot = slots.acquire(at_once());
  return slot.has_value();
}

} // namespace

TEST_CASE("there are as many slots as asked for, and one more asker waits in vain") {
  const Scratch scratch;
  for (const unsigned count : {1u, 2u, 5u}) {
    std::vector<HashSlots> holders;
    std::set<unsigned> indices;
    for (unsigned i = 0; i < count; ++i) {
      const auto slot = holders.emplace_back(scratch.path("slots"), count).acquire(at_once());
      REQUIRE(slot.has_value());
      indices.insert(*slot);
    }
    CHECK(indices.size() == count);
    CHECK(*indices.rbegin() == count - 1);
    HashSlots late(scratch.path("slots"), count);
    CHECK_FALSE(late.acquire(at_once()));
    holders.pop_back();
    CHECK(late.acquire(at_once()).has_value());
  }
}

TEST_CASE("a slot is free again when its holder goes out of scope, also for the same process") {
  const Scratch scratch;
  for (int i = 0; i < 3; ++i) {
    HashSlots slots(scratch.path("slots"), 1), other(scratch.path("slots"), 1);
    CHECK(slots.acquire(at_once()).has_value());
    CHECK_FALSE(other.acquire(at_once()).has_value());
  }
}

TEST_CASE("waiting ends at the deadline") {
  const Scratch scratch;
  HashSlots holder(scratch.path("slots"), 1), waiter(scratch.path("slots"), 1);
  REQUIRE(holder.acquire(at_once()).has_value());
  const auto start = Clock::now();
  CHECK_FALSE(waiter.acquire(start + 50ms));
  const auto waited = Clock::now() - start;
  CHECK(waited >= 50ms);
  CHECK(waited < 30s);
}

TEST_CASE("kill -9 of the holder frees the slot at once") {
  const Scratch scratch;
  const auto path = scratch.path("slots");
  HashSlots mine(path, 1);
  Holder holder([&path] { return hold(path); });
  REQUIRE(holder.succeeded());
  CHECK_FALSE(mine.acquire(at_once()));
  holder.kill();
  CHECK(mine.acquire(at_once()).has_value());
}

TEST_CASE("a waiting process gets the slot of a holder that dies meanwhile") {
  const Scratch scratch;
  const auto path = scratch.path("slots");
  HashSlots mine(path, 1);
  Holder holder([&path] { return hold(path); });
  REQUIRE(holder.succeeded());
  std::thread killer([&holder] {
    std::this_thread::sleep_for(30ms);
    holder.kill();
  });
  const auto start = Clock::now();
  CHECK(mine.acquire(start + 60s).has_value());
  CHECK(Clock::now() - start < 30s);
  killer.join();
}

TEST_CASE("never more processes than slots are inside") {
  const Scratch scratch;
  const auto path = scratch.path("slots"), inside = scratch.path("inside");
  constexpr int processes = 12, slots = 3;
  std::vector<pid_t> children;
  for (int i = 0; i < processes; ++i) {
    const auto child = ::fork();
    if (child == 0) {
      HashSlots mine(path, slots);
      const auto slot = mine.acquire(Clock::now() + 20s);
      if (!slot)
        ::_exit(1);
      // Only one process at a time can make the directory of the slot.
      const auto name = inside + std::to_string(*slot);
      if (::mkdir(name.c_str(), 0700) != 0)
        ::_exit(2);
      ::usleep(5000);
      ::_exit(::rmdir(name.c_str()) == 0 ? 0 : 3);
    }
    children.push_back(child);
  }
  for (const auto child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
  }
}

TEST_CASE("no number of slots means one for each processor") {
  const Scratch scratch;
  CHECK(HashSlots(scratch.path("slots"), 0).count() ==
        static_cast<unsigned>(::sysconf(_SC_NPROCESSORS_ONLN)));
  CHECK(HashSlots(scratch.path("slots"), 7).count() == 7);
}

TEST_CASE("the file is made for its owner alone, and a symbolic link in its place is refused") {
  const Scratch scratch;
  const HashSlots slots(scratch.path("slots"), 1);
  struct stat facts;
  REQUIRE(::stat(scratch.path("slots").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777) == 0600);
  REQUIRE(::symlink(scratch.path("target").c_str(), scratch.path("link").c_str()) == 0);
  CHECK_THROWS_AS(HashSlots(scratch.path("link"), 1), std::system_error);
  CHECK(::access(scratch.path("target").c_str(), F_OK) != 0);
  CHECK_THROWS_AS(HashSlots(scratch.path("no/slots"), 1), std::system_error);
}
