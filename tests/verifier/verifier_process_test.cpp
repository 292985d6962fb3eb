// SPDX-License-Identifier: ISC
#include "verifier/verifier_process.hpp"

#include "support/child.hpp"
#include "support/scratch_dir.hpp"
#include "support/stack_canary.hpp"

#include <cerrno>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <unistd.h>

using namespace verifier;
using Clock = std::chrono::steady_clock;

namespace {

struct Answer {
  int number = 0;
  char filling[max_problem] = {};
};
using Task = std::function<Answer(int)>;

struct Asked {
  std::optional<Answer> answer;
  std::string log;
};

Asked ask(const Task& answering, int milliseconds = 20'000) {
  const support::ScratchDir dir;
  const auto log = base::Log::open(dir.path("log"), "t");
  auto ends = ipc::Channel::make_pair();
  const auto answer = ask_verifier<Answer>(answering, log, ends.first,
                                           Clock::now() + std::chrono::milliseconds(milliseconds));
  std::ifstream file(dir.path("log"));
  return {answer, {std::istreambuf_iterator<char>(file), {}}};
}

/// Sends `text` in place of an answer, and ends.
Answer send(int fd, std::string_view text) {
  [[maybe_unused]] const auto written = write(fd, text.data(), text.size());
  _exit(0);
}

} // namespace

TEST_CASE("a child's answer arrives whole") {
  const auto asked = ask([](int) { return Answer{7}; });
  REQUIRE(asked.answer.has_value());
  CHECK(asked.answer->number == 7);
  CHECK(asked.log.empty());
}

TEST_CASE("a child that ends without an answer, in whatever way, is logged") {
  const std::initializer_list<Task> ways = {
      [](int) -> Answer { _exit(0); },
      [](int) -> Answer {
        kill(getpid(), SIGKILL);
        return {};
      },
      [](int fd) { return send(fd, std::string(sizeof(Answer) - 1, 'x')); },
      [](int fd) { return send(fd, std::string(sizeof(Answer) + 1, 'x')); },
  };
  for (const auto& way : ways) {
    const auto asked = ask(way);
    CHECK_FALSE(asked.answer.has_value());
    CHECK(asked.log.find("event=unavailable reason=verifier-ended") != std::string::npos);
  }
}

TEST_CASE("a check that fails is logged with its problem, of which the log takes no orders") {
  const auto asked = ask([](int) -> Answer { throw std::runtime_error("no"); });
  CHECK_FALSE(asked.answer.has_value());
  CHECK(asked.log.find("event=unavailable reason=verifier-failed problem=\"no\"") !=
        std::string::npos);
  const auto hostile = ask([](int fd) { return send(fd, "x\"\n event=login"); });
  CHECK(hostile.log.find('\n') == hostile.log.size() - 1);
  CHECK(hostile.log.find("problem=\"x\"") == std::string::npos);
  const auto long_problem =
      ask([](int) -> Answer { throw std::runtime_error(std::string(max_problem + 1, 'x')); });
  CHECK(long_problem.log.find(std::string(max_problem, 'x') + '"') != std::string::npos);
}

TEST_CASE("a child is waited for until the deadline") {
  const auto forever = [](int) -> Answer {
    for (;;)
      pause();
  };
  CHECK_FALSE(ask(forever, 100).answer.has_value());
  CHECK_FALSE(ask(forever, 0).answer.has_value());
}

TEST_CASE("a parent that is stopped, continued or signalled meanwhile waits on") {
  struct sigaction ignoring {};
  ignoring.sa_handler = [](int) {};
  struct sigaction before {};
  sigaction(SIGUSR1, &ignoring, &before);
  const auto parent = getpid();
  const support::Child disturber([parent] {
    for (int round = 0; round < 20; ++round)
      for (const int signal : {SIGSTOP, SIGCONT, SIGUSR1}) {
        usleep(5'000);
        kill(parent, signal);
      }
    return 0;
  });
  const auto asked = ask([](int) {
    usleep(250'000);
    return Answer{7};
  });
  CHECK(asked.answer.has_value());
  CHECK(asked.log.empty());
  sigaction(SIGUSR1, &before, nullptr);
}

TEST_CASE("a child has no channel, and can see that its parent waits for it") {
  const support::ScratchDir dir;
  const auto log = base::Log::open(dir.path("log"), "t");
  auto ends = ipc::Channel::make_pair();
  const Task task = [&](int fd) {
    const bool closed = fcntl(ends.first.fd(), F_GETFD) < 0 && errno == EBADF;
    pollfd waited{fd, 0, 0};
    return Answer{closed && poll(&waited, 1, 0) == 0};
  };
  const auto answer =
      ask_verifier<Answer>(task, log, ends.first, Clock::now() + std::chrono::seconds(20));
  REQUIRE(answer.has_value());
  CHECK(answer->number == 1);
}

TEST_CASE("a text of a message ends with its array, if not before") {
  std::array<char, 4> octets{};
  CHECK(text_of(octets).empty());
  octets = {'a', 'b', '\0', 'c'};
  CHECK(text_of(octets) == "ab");
  octets.fill('x');
  CHECK(text_of(octets) == "xxxx");
}

TEST_CASE("a crash of a child is known afterwards, and its end by SIGKILL is none") {
  support::Child monitor([] {
    ask([](int) -> Answer {
      kill(getpid(), SIGKILL);
      return {};
    });
    const bool is_known_too_early = has_verifier_crashed();
    ask([](int) -> Answer {
      signal(SIGSEGV, SIG_DFL); // doctest has a handler
      kill(getpid(), SIGSEGV);
      return {};
    });
    ask([](int) { return Answer{7}; });
    return !is_known_too_early && has_verifier_crashed() ? 0 : 1;
  });
  CHECK(monitor.exit_status() == 0);
}

TEST_CASE("a child has a stack canary of its own") {
  if (!support::renews_stack_canary)
    return support::skipped("the canary can be renewed on x86-64 only");
  struct Canary {
    std::uint64_t value = 0;
    char filling[max_problem] = {};
  };
  const support::ScratchDir dir;
  const auto log = base::Log::open(dir.path("log"), "t");
  auto ends = ipc::Channel::make_pair();
  const auto answer = ask_verifier<Canary>([](int) { return Canary{support::stack_canary()}; }, log,
                                           ends.first, Clock::now() + std::chrono::seconds(20));
  REQUIRE(answer.has_value());
  CHECK(answer->value != support::stack_canary());
}
