// SPDX-License-Identifier: ISC
#include "verifier/verifier_process.hpp"

#include "support/scratch_dir.hpp"

#include <cerrno>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <stdexcept>
#include <unistd.h>

using namespace verifier;
using Kind = Verdict::Kind;

namespace {

struct Asked {
  Verdict verdict;
  std::string log;
};

Asked ask(const VerifierTask& answering, int milliseconds = 20'000) {
  const support::ScratchDir dir;
  const auto log = base::Log::open(dir.path("log"), "t");
  auto ends = ipc::Channel::make_pair();
  const auto verdict = run_verifier_process(answering, log, ends.first,
                                            std::chrono::steady_clock::now() +
                                                std::chrono::milliseconds(milliseconds));
  std::ifstream file(dir.path("log"));
  return {verdict, {std::istreambuf_iterator<char>(file), {}}};
}

Verdict refused() {
  Verdict verdict;
  verdict.kind = Kind::refused;
  verdict.uid = 7;
  return verdict;
}

} // namespace

TEST_CASE("a child's verdict arrives whole") {
  const auto asked = ask([](int) { return refused(); });
  CHECK(asked.verdict.kind == Kind::refused);
  CHECK(asked.verdict.uid == 7);
  CHECK(asked.log.empty());
}

TEST_CASE("a child that ends without a verdict, in whatever way, is temporary and logged") {
  const std::initializer_list<VerifierTask> ways = {[](int) -> Verdict { _exit(0); },
                                                    [](int) -> Verdict {
                                                      kill(getpid(), SIGKILL);
                                                      return {};
                                                    },
                                                    [](int fd) -> Verdict {
                                                      [[maybe_unused]] const auto written =
                                                          write(fd, "half", 4);
                                                      _exit(0);
                                                    }};
  for (const auto& way : ways) {
    const auto asked = ask(way);
    CHECK(asked.verdict.kind == Kind::temporary);
    CHECK(asked.verdict.uid == 0);
    CHECK(asked.log.find("event=unavailable reason=verifier-ended") != std::string::npos);
  }
}

TEST_CASE("a check that fails is temporary and logged with its problem") {
  const auto asked = ask([](int) -> Verdict { throw std::runtime_error("no"); });
  CHECK(asked.verdict.kind == Kind::temporary);
  CHECK(asked.verdict.uid == 0);
  CHECK(asked.log.find("event=unavailable reason=verifier-failed problem=\"no\"") !=
        std::string::npos);
}

TEST_CASE("a verdict of unknown kind does not count") {
  const auto asked = ask([](int) {
    auto verdict = refused();
    verdict.kind = static_cast<Kind>(static_cast<int>(Kind::last) + 1);
    return verdict;
  });
  CHECK(asked.verdict.kind == Kind::temporary);
  CHECK(asked.log.find("verifier-ended") != std::string::npos);
}

TEST_CASE("a child is waited for until the deadline") {
  const auto forever = [](int) -> Verdict {
    for (;;)
      pause();
  };
  CHECK(ask(forever, 100).verdict.kind == Kind::temporary);
  CHECK(ask(forever, 0).verdict.kind == Kind::temporary);
}

TEST_CASE("a child has no channel, and can see that its parent waits for it") {
  const support::ScratchDir dir;
  const auto log = base::Log::open(dir.path("log"), "t");
  auto ends = ipc::Channel::make_pair();
  const auto verdict = run_verifier_process(
      [&](int fd) {
        const bool closed = fcntl(ends.first.fd(), F_GETFD) < 0 && errno == EBADF;
        pollfd waited{fd, 0, 0};
        return closed && poll(&waited, 1, 0) == 0 ? refused() : Verdict();
      },
      log, ends.first, std::chrono::steady_clock::now() + std::chrono::seconds(20));
  CHECK(verdict.kind == Kind::refused);
}
