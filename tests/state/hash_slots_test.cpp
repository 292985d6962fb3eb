// SPDX-License-Identifier: ISC
#include "state/hash_slots.hpp"

#include "state/octet_lock.hpp"
#include "support/child.hpp"
#include "support/files.hpp"
#include "support/scratch.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

using state::HashSlots;
using state::SlotClaim;
using Clock = SlotClaim::Clock;
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

SlotClaim at_once() {
  return {Clock::now() - 1s};
}

/// A claim of a client at `address` that waits for a minute.
SlotClaim patient(std::string_view address) {
  return {.deadline = Clock::now() + 60s, .client = base::Address::parse(address).value()};
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

/// Takes the only slot until the process dies.
bool hold(const std::string& path) {
  static HashSlots slots(path, 1);
  static const auto slot = slots.acquire(at_once());
  return slot.has_value();
}

/// A queue for one slot. Each process in it writes its letter once it has the slot.
class Queue {
 public:
  Queue() { REQUIRE(::pipe(ends_) == 0); }
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;
  ~Queue() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }

  const std::string& path() const { return path_; }
  /// Adds a process, which holds its slot for a moment, and returns once it waits.
  pid_t add(char letter, const std::function<SlotClaim()>& claim) {
    children_.push_back(std::make_unique<support::Child>([this, letter, claim] {
      HashSlots slots(path_, 1);
      if (!slots.acquire(claim()))
        return 1;
      (void)!::write(ends_[1], &letter, 1);
      ::usleep(10'000);
      return 0;
    }));
    ::usleep(30'000);
    return children_.back()->pid();
  }
  /// The letters in the order in which the processes had the slot; waits for all of them.
  std::string order() {
    for (const auto& child : children_)
      CHECK(child->exit_status() == 0);
    std::string letters(children_.size(), '-');
    ::close(std::exchange(ends_[1], -1));
    (void)!::read(ends_[0], letters.data(), letters.size());
    return letters;
  }

 private:
  Scratch scratch_;
  std::string path_ = scratch_.path("slots");
  int ends_[2];
  std::vector<std::unique_ptr<support::Child>> children_;
};

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
  CHECK_FALSE(waiter.acquire({start + 50ms}));
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
  CHECK(mine.acquire({start + 60s}).has_value());
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
      const auto slot = mine.acquire({Clock::now() + 20s});
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

TEST_CASE("a connection of another network is next, however many of one network wait") {
  Queue queue;
  Holder holder([&queue] { return hold(queue.path()); });
  REQUIRE(holder.succeeded());
  for (const char letter : {'1', '2', '3', '4', '5'})
    queue.add(letter, [] { return patient("2001:db8::1"); });
  queue.add('6', [] { return patient("2001:db8::ffff"); }); // the same /64
  queue.add('a', [] { return patient("2001:db8:0:1::1"); });
  queue.add('b', [] { return patient("192.0.2.1"); });
  holder.kill();
  CHECK(queue.order() == "1ab23456"); // 1 has been in front before a and b came
}

TEST_CASE("clients on this host without an address wait in the order in which they come") {
  Queue queue;
  Holder holder([&queue] { return hold(queue.path()); });
  REQUIRE(holder.succeeded());
  for (const char letter : {'1', '2', '3'})
    queue.add(letter, [] { return SlotClaim{Clock::now() + 60s}; });
  queue.add('a', [] { return patient("192.0.2.1"); });
  holder.kill();
  CHECK(queue.order() == "123a");
}

TEST_CASE("suspects leave a reserve of slots to others") {
  CHECK(HashSlots(Scratch().path("slots"), HashSlots::most).reserve() == 256);
  for (const auto& [slots, kept] :
       {std::pair{1u, 0u}, {2u, 1u}, {4u, 1u}, {7u, 1u}, {8u, 2u}, {11u, 2u}, {64u, 16u}}) {
    const auto count = slots, reserve = kept; // a lambda takes no structured binding in clang 14
    CAPTURE(count);
    const Scratch scratch;
    std::vector<HashSlots> holders;
    const auto take = [&](bool is_suspect) {
      auto claim = at_once();
      claim.is_suspect = is_suspect;
      return holders.emplace_back(scratch.path("slots"), count).acquire(claim);
    };
    CHECK(HashSlots(scratch.path("slots"), count).reserve() == reserve);
    for (unsigned i = 0; i < count - reserve; ++i)
      CHECK(take(true).has_value());
    CHECK_FALSE(take(true).has_value());
    for (unsigned i = 0; i < reserve; ++i)
      CHECK(take(false).has_value());
    CHECK_FALSE(take(false).has_value());
  }
}

TEST_CASE("suspects of many networks weigh as one beside another login") {
  Queue queue;
  Holder holder([&queue] { return hold(queue.path()); });
  REQUIRE(holder.succeeded());
  for (const char letter : {'1', '2', '3', '4'})
    queue.add(letter, [letter] {
      auto claim = patient(std::string("192.0.2.") + letter);
      claim.is_suspect = true;
      return claim;
    });
  queue.add('a', [] { return patient("198.51.100.1"); });
  holder.kill();
  CHECK(queue.order() == "1a234");
}

TEST_CASE("a waiting process sleeps: a second costs less than 5 ms of processor") {
  const Scratch scratch;
  const auto path = scratch.path("slots");
  HashSlots holder(path, 1);
  REQUIRE(holder.acquire(at_once()).has_value());
  const auto wait = [&path] {
    HashSlots slots(path, 1);
    auto claim = patient("192.0.2.1");
    claim.deadline = Clock::now() + 1s;
    (void)slots.acquire(claim);
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return seconds_of(used.ru_utime) + seconds_of(used.ru_stime) < 0.005 ? 0 : 1;
  };
  const auto first = std::make_unique<support::Child>(wait);  // at the slot
  const auto second = std::make_unique<support::Child>(wait); // at the turnstile
  CHECK(first->exit_status() == 0);
  CHECK(second->exit_status() == 0);
}

TEST_CASE("a process whose slot is never given back takes another when its patience is over") {
  const Scratch scratch;
  const auto path = scratch.path("slots");
  const auto take = [&path] {
    static HashSlots slots(path, 2);
    return slots.acquire(at_once()).has_value();
  };
  Holder ends(take), stopped(take);
  REQUIRE((ends.succeeded() && stopped.succeeded()));
  std::vector<std::unique_ptr<support::Child>> waiting;
  for (int i = 0; i < 6; ++i)
    waiting.push_back(std::make_unique<support::Child>([&path] {
      HashSlots slots(path, 2);
      SlotClaim claim{Clock::now() + 20s};
      claim.patience = 100ms;
      return slots.acquire(claim) ? 0 : 1;
    }));
  ::usleep(50'000);
  ends.kill();
  for (const auto& child : waiting)
    CHECK(child->exit_status() == 0);
}

TEST_CASE(
    "a process that is stopped in front of the others holds them up for their patience only") {
  Queue queue;
  Holder holder([&queue] { return hold(queue.path()); });
  REQUIRE(holder.succeeded());
  const auto first = queue.add('1', [] { return patient("192.0.2.1"); });
  REQUIRE(::kill(first, SIGSTOP) == 0);
  const auto impatient = [](std::string_view address) {
    return [address] {
      auto claim = patient(address);
      claim.patience = 100ms;
      return claim;
    };
  };
  queue.add('2', impatient("192.0.2.1"));
  queue.add('3', impatient("192.0.2.2"));
  holder.kill();
  ::usleep(300'000);
  ::kill(first, SIGCONT);
  CHECK(queue.order() == "321");
}

TEST_CASE("a process gives up when its slot is not wanted any more, wherever it waits") {
  const Scratch scratch;
  const auto path = scratch.path("slots");
  HashSlots holder(path, 1);
  REQUIRE(holder.acquire(at_once()).has_value());
  const auto wait = [&path] {
    HashSlots slots(path, 1);
    support::Child front([] { return ::usleep(200'000); });
    auto claim = patient("192.0.2.1");
    claim.goes_on = [&] { return ::waitpid(front.pid(), nullptr, WNOHANG) == 0; };
    const auto start = Clock::now();
    return !slots.acquire(claim) && Clock::now() - start < 5s ? 0 : 1;
  };
  support::Child first(wait), second(wait); // one at the slot, one at the turnstile
  CHECK(first.exit_status() == 0);
  CHECK(second.exit_status() == 0);
}

TEST_CASE(
    "what the file has in it does not matter, and a file that cannot be locked is a failure") {
  const Scratch scratch;
  const auto path = scratch.path("slots");
  support::write_file(path, std::string(5000, '\377'));
  HashSlots slots(path, 1);
  CHECK(slots.acquire(patient("192.0.2.1")).has_value());
  REQUIRE(::truncate(path.c_str(), 0) == 0); // the lock holds
  CHECK_FALSE(HashSlots(path, 1).acquire(at_once()).has_value());
  REQUIRE(::mkdir(scratch.path("directory").c_str(), 0700) == 0);
  CHECK_THROWS_AS(HashSlots(scratch.path("directory"), 1), std::system_error);
  REQUIRE(::chmod(path.c_str(), 0444) == 0);
  REQUIRE(::chmod(scratch.path("").c_str(), 0755) == 0);
  CHECK(support::run_unprivileged([&path] {
          try {
            const HashSlots read_only(path, 1);
            return 1;
          } catch (const std::system_error&) {
            return 0;
          }
        }) == 0);
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
