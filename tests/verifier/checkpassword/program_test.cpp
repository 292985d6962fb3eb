// SPDX-License-Identifier: ISC
#include "verifier/checkpassword/program.hpp"

#include "base/unique_fd.hpp"
#include "support/scratch_dir.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

using namespace verifier;
using Kind = ProgramEnd::Kind;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t longest_reply = 8;

struct Bench {
  support::ScratchDir dir;
  base::Log log = base::Log::open(dir.path("log"), "t");
  base::Secret password{"wonderland"};
  config::Settings settings;
  VerdictLog verdicts{log, settings, "alice"};
  base::UniqueFd reader, lifeline;
  milliseconds limit{20'000};

  Bench() {
    int ends[2];
    REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
    reader.reset(ends[0]);
    lifeline.reset(ends[1]);
  }
  ProgramEnd run(const std::string& script, const std::string& message = "") {
    ProgramOutput output(log, verdicts, password);
    return run_program({{"/bin/sh", "-c", script}, {"PATH=/usr/bin:/bin"}}, base::Secret(message),
                       output, longest_reply, lifeline.get(),
                       std::chrono::steady_clock::now() + limit);
  }
  std::string text(const std::string& name) const {
    std::ifstream file(dir.path(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string log_text() const { return text("log"); }
  /// The process that a program has named in the file `pid`.
  pid_t pid() const { return static_cast<pid_t>(std::stol(text("pid"))); }
};

std::string text_of(const std::vector<std::byte>& octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

/// Waits until a process has ended. A zombie has ended, too: another process has to collect its
/// exit status.
bool ends(pid_t process) {
  for (int i = 0; i < 30'000 && kill(process, 0) == 0; ++i) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    const std::string stat{std::istreambuf_iterator<char>(file), {}};
    if (stat.find(") Z ") != std::string::npos)
      return true;
    usleep(1000);
  }
  return kill(process, 0) != 0;
}

} // namespace

TEST_CASE("how a program ends is told: by an exit status, a signal, or not in time") {
  Bench bench;
  auto end = bench.run("exit 7");
  CHECK(end.kind == Kind::exited);
  CHECK(end.number == 7);
  CHECK(end.replies == 0);
  end = bench.run("kill -9 $$");
  CHECK(end.kind == Kind::killed);
  CHECK(end.number == SIGKILL);
  bench.limit = milliseconds(100);
  CHECK(bench.run("exec sleep 1000").kind == Kind::timed_out);
  bench.limit = milliseconds(0);
  CHECK(bench.run("exec sleep 1000").kind == Kind::timed_out);
}

TEST_CASE("a program is ended when the process that waits for it is gone") {
  Bench bench;
  bench.reader.reset();
  CHECK(bench.run("exec sleep 1000").kind == Kind::lifeline_cut);
}

TEST_CASE("a program has its message on descriptor 3, to the end of file") {
  Bench bench;
  const std::string message(max_program_message, 'm');
  CHECK(bench.run("cat <&3 >" + bench.dir.path("read"), message).number == 0);
  CHECK(bench.text("read") == message);
}

TEST_CASE("a program that reads nothing is no trouble") {
  Bench bench;
  CHECK(bench.run("exit 0", std::string(max_program_message, 'm')).number == 0);
}

TEST_CASE("a program has descriptors 0 to 4, the environment it is given and default signals") {
  Bench bench;
  const base::UniqueFd leaked(open("/dev/null", O_RDONLY)); // without O_CLOEXEC
  REQUIRE(leaked.get() >= 0);
  bench.run("ls /proc/self/fd >" + bench.dir.path("fds") + "; env >" + bench.dir.path("env"));
  CHECK(bench.text("fds") == "0\n1\n2\n3\n4\n5\n"); // the last is the directory that ls reads
  CHECK(bench.text("env").find("HOME=") == std::string::npos);
  CHECK(bench.text("env").find("PATH=/usr/bin:/bin\n") != std::string::npos);
  const auto old = std::signal(SIGPIPE, SIG_IGN);
  const auto end = bench.run("kill -PIPE $$; exit 0");
  std::signal(SIGPIPE, old);
  CHECK(end.kind == Kind::killed);
}

TEST_CASE("one message on descriptor 4 is the reply, with the ids of its sender") {
  Bench bench;
  for (const std::size_t size : {longest_reply - 1, longest_reply, longest_reply + 1}) {
    const auto end = bench.run("printf %0" + std::to_string(size) + "d 7 >&4");
    CHECK(end.replies == 1);
    CHECK(text_of(end.reply) == std::string(size - 1, '0') + "7");
    CHECK(end.sender.uid == getuid());
    CHECK(end.sender.gid == getgid());
  }
  CHECK(bench.run("head -c 5000 /dev/zero >&4").reply.size() == longest_reply + 1);
}

TEST_CASE("more messages than one are noticed, however many") {
  Bench bench;
  for (const char* script : {"echo a >&4; echo b >&4", "yes | head -n 3000 >&4"}) {
    const auto end = bench.run(script);
    CHECK(end.kind == Kind::exited);
    CHECK(end.replies == 2);
  }
}

TEST_CASE("output beyond what a pipe holds keeps no program waiting") {
  Bench bench;
  CHECK(bench.run("head -c 1000000 /dev/zero; echo; echo last >&2").number == 0);
  CHECK(bench.log_text().find(R"(line="last")") != std::string::npos);
}

TEST_CASE("processes that a program has started end with it") {
  Bench bench;
  const auto program = "sleep 1000 & echo $! >" + bench.dir.path("pid") + ";";
  SUBCASE("by itself") {
    CHECK(bench.run(program).kind == Kind::exited);
    CHECK(ends(bench.pid()));
  }
  SUBCASE("when its time is up") {
    bench.limit = milliseconds(1000);
    CHECK(bench.run(program + "exec sleep 1000").kind == Kind::timed_out);
    CHECK(ends(bench.pid()));
  }
}

TEST_CASE("a program that cannot be run says so and ends with the interface's status") {
  Bench bench;
  ProgramOutput output(bench.log, bench.verdicts, bench.password);
  const auto end =
      run_program({{"/nowhere/program"}, {}}, base::Secret("m"), output, longest_reply,
                  bench.lifeline.get(), std::chrono::steady_clock::now() + bench.limit);
  CHECK(end.kind == Kind::exited);
  CHECK(end.number == 111);
  CHECK(bench.log_text().find("cannot be run: No such file") != std::string::npos);
}
