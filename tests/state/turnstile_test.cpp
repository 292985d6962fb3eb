// SPDX-License-Identifier: ISC
#include "state/turnstile.hpp"

#include "state/octet_lock.hpp"
#include "support/child.hpp"
#include "support/scratch.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <functional>
#include <memory>
#include <poll.h>
#include <string>
#include <sys/resource.h>
#include <sys/time.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace state;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using support::Child;

namespace {

bool always() {
  return true;
}

/// A pipe through which other processes say that they are somewhere.
class Bell {
 public:
  Bell() { REQUIRE(::pipe(ends_) == 0); }
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;
  ~Bell() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }

  void ring(char name = '.') const { (void)!::write(ends_[1], &name, 1); }
  /// The name that rang, at the latest after 20 seconds; '-' when nothing did.
  char heard(int patience = 20'000) const {
    pollfd ready{ends_[0], POLLIN, 0};
    char name = '-';
    if (::poll(&ready, 1, patience) == 1)
      (void)!::read(ends_[0], &name, 1);
    return name;
  }

 private:
  int ends_[2];
};

/// Waits until the kernel has put `pid` to sleep in fcntl(2) for a lock.
void await_sleep(pid_t pid) {
  const auto file = "/proc/" + std::to_string(pid) + "/status";
  for (int i = 0; i < 4000; ++i) {
    char text[256] = "";
    if (FILE* status = std::fopen(file.c_str(), "r")) {
      const auto size = std::fread(text, 1, sizeof text - 1, status);
      text[size] = '\0';
      std::fclose(status);
    }
    if (std::string_view(text).find("State:\tS") != std::string_view::npos)
      return;
    ::usleep(1000);
  }
  FAIL("the process does not sleep");
}

struct Turnstile {
  Scratch scratch;
  std::string path = scratch.path("turnstiles");

  base::UniqueFd open() const { return open_lock_file(path); }
  /// Passes and keeps the place until the process is killed.
  std::unique_ptr<Child> passer(off_t octet, const Bell& inside, char name = '.') const {
    return std::make_unique<Child>([&, octet, name] {
      const auto fd = open();
      if (!pass_turnstile(fd.get(), octet, Clock::now() + 60s, always))
        return 1;
      inside.ring(name);
      ::pause();
      return 0;
    });
  }
};

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

} // namespace

TEST_CASE("one process passes a turnstile at a time, and others on other octets") {
  const Turnstile turnstile;
  const auto one = turnstile.open(), two = turnstile.open();
  REQUIRE(pass_turnstile(one.get(), 7, Clock::now(), always));
  CHECK_FALSE(pass_turnstile(two.get(), 7, Clock::now(), always));
  CHECK(pass_turnstile(two.get(), 8, Clock::now(), always));
  leave_turnstile(one.get(), 7);
  CHECK(pass_turnstile(two.get(), 7, Clock::now(), always));
}

TEST_CASE("a deadline that has passed gives one try, without a question and without a wait") {
  const Turnstile turnstile;
  const auto one = turnstile.open(), two = turnstile.open();
  bool was_asked = false;
  const auto ask = [&] { return was_asked = true; };
  CHECK(pass_turnstile(one.get(), 0, Clock::now() - 1h, ask));
  CHECK_FALSE(was_asked);
  const auto start = Clock::now();
  CHECK_FALSE(pass_turnstile(two.get(), 0, Clock::time_point(), ask));
  CHECK(Clock::now() - start < 1s);
}

TEST_CASE("the wait ends at the deadline, and not before") {
  const Turnstile turnstile;
  const auto one = turnstile.open(), two = turnstile.open();
  REQUIRE(pass_turnstile(one.get(), 0, Clock::now(), always));
  for (const Clock::duration wait : {Clock::duration(1us), Clock::duration(50ms)}) {
    const auto start = Clock::now();
    CHECK_FALSE(pass_turnstile(two.get(), 0, start + wait, always));
    CHECK(Clock::now() - start >= wait);
    CHECK(Clock::now() - start < 5s);
  }
}

TEST_CASE("a waiting process sleeps: a second costs less than 5 ms of processor") {
  const Turnstile turnstile;
  const auto holder = turnstile.open();
  REQUIRE(pass_turnstile(holder.get(), 0, Clock::now(), always));
  Child waiter([&] {
    const auto fd = turnstile.open();
    rusage before{}, after{};
    ::getrusage(RUSAGE_SELF, &before);
    const bool has_passed = pass_turnstile(fd.get(), 0, Clock::now() + 1s, always);
    ::getrusage(RUSAGE_SELF, &after);
    const auto spent = seconds_of(after.ru_utime) + seconds_of(after.ru_stime) -
                       seconds_of(before.ru_utime) - seconds_of(before.ru_stime);
    if (spent >= 0.005)
      return 2;
    return !has_passed && after.ru_nvcsw - before.ru_nvcsw <= 5 ? 0 : 3;
  });
  CHECK(waiter.exit_status() == 0);
}

TEST_CASE("the place of a process that is killed goes to the next one at once") {
  const Turnstile turnstile;
  const Bell inside;
  const auto holder = turnstile.passer(0, inside);
  REQUIRE(inside.heard() == '.');
  const auto next = turnstile.passer(0, inside);
  CHECK(inside.heard(50) == '-');
  holder->end();
  CHECK(inside.heard() == '.');
}

TEST_CASE(
    "processes pass in the order in which they came, also when one of them leaves the queue") {
  const Turnstile turnstile;
  const Bell inside;
  std::vector<std::unique_ptr<Child>> queue;
  for (const char name : {'0', '1', '2', '3', '4'}) {
    queue.push_back(turnstile.passer(0, inside, name));
    if (name == '0')
      REQUIRE(inside.heard() == '0');
    await_sleep(queue.back()->pid());
  }
  queue[2]->end();
  await_sleep(queue[3]->pid());
  await_sleep(queue[4]->pid());
  for (const auto& [leaves, follows] : {std::pair{0u, '1'}, {1u, '3'}, {3u, '4'}}) {
    queue[leaves]->end();
    CHECK(inside.heard() == follows);
  }
}

TEST_CASE("a stopped process holds up its own octet alone, until the deadlines of the others") {
  const Turnstile turnstile;
  const Bell inside;
  const auto holder = turnstile.passer(0, inside);
  REQUIRE(inside.heard() == '.');
  REQUIRE(::kill(holder->pid(), SIGSTOP) == 0);
  const auto mine = turnstile.open();
  CHECK_FALSE(pass_turnstile(mine.get(), 0, Clock::now() + 20ms, always));
  CHECK(pass_turnstile(mine.get(), 1, Clock::now() + 20ms, always));
}

TEST_CASE("a waiting process that is stopped and goes on waits as before") {
  const Turnstile turnstile;
  const Bell inside;
  const auto holder = turnstile.passer(0, inside);
  REQUIRE(inside.heard() == '.');
  const auto waiter = turnstile.passer(0, inside);
  await_sleep(waiter->pid());
  REQUIRE(::kill(waiter->pid(), SIGSTOP) == 0);
  REQUIRE(::kill(waiter->pid(), SIGCONT) == 0);
  CHECK(inside.heard(50) == '-');
  holder->end();
  CHECK(inside.heard() == '.');
}

TEST_CASE("the wait ends when a child of the process ends and the caller then wants it no more") {
  const Turnstile turnstile;
  const auto holder = turnstile.open();
  REQUIRE(pass_turnstile(holder.get(), 0, Clock::now(), always));
  Child waiter([&] {
    const auto fd = turnstile.open();
    Child front([] { return ::usleep(50'000); });
    const auto lives = [&] { return ::waitpid(front.pid(), nullptr, WNOHANG) == 0; };
    const auto start = Clock::now();
    const bool has_passed = pass_turnstile(fd.get(), 0, start + 60s, lives);
    return !has_passed && Clock::now() - start < 5s ? 0 : 1;
  });
  CHECK(waiter.exit_status() == 0);
}

TEST_CASE("the caller's signals are as before, and no alarm is left") {
  const Turnstile turnstile;
  const auto one = turnstile.open(), two = turnstile.open();
  REQUIRE(pass_turnstile(one.get(), 0, Clock::now(), always));
  CHECK_FALSE(pass_turnstile(two.get(), 0, Clock::now() + 1ms, always));
  CHECK_THROWS_AS(pass_turnstile(two.get(), 0, Clock::now() + 60s,
                                 []() { return throw std::runtime_error("asked"), true; }),
                  std::runtime_error);
  for (const int number : {SIGALRM, SIGCHLD}) {
    struct sigaction now {};
    REQUIRE(::sigaction(number, nullptr, &now) == 0);
    CHECK((now.sa_handler == SIG_DFL));
  }
  itimerval timer{};
  REQUIRE(::getitimer(ITIMER_REAL, &timer) == 0);
  CHECK((timer.it_value.tv_sec == 0 && timer.it_value.tv_usec == 0));
  CHECK((timer.it_interval.tv_sec == 0 && timer.it_interval.tv_usec == 0));
}

TEST_CASE("a descriptor that cannot be locked is a failure, not a turnstile that is taken") {
  CHECK_THROWS_AS(pass_turnstile(-1, 0, Clock::now() + 1s, always), std::system_error);
}

TEST_CASE("names have octets of their own") {
  CHECK(turnstile_octet("one") == turnstile_octet("one"));
  CHECK(turnstile_octet("one") != turnstile_octet("two"));
  CHECK(turnstile_octet("") >= 0);
}
