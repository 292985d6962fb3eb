// SPDX-License-Identifier: ISC
#include "base/log.hpp"

#include "support/lost_lines.hpp"
#include "support/scratch_dir.hpp"

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <ostream>
#include <regex>
#include <sys/resource.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

using namespace std::chrono_literals;
using namespace std::string_literals;
using base::escaped;
using base::Event;
using base::Level;
using base::Log;

namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A FIFO with a reader, which reads in drain() alone.
struct Fifo {
  support::ScratchDir scratch;
  std::string path;
  base::UniqueFd reader;

  /// In a directory of its own, or one that is there already.
  explicit Fifo(std::string existing = "") : path(std::move(existing)) {
    if (path.empty()) {
      path = scratch.path("fifo");
      REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    }
    reader.reset(open(path.c_str(), O_RDONLY | O_NONBLOCK));
  }
  void fill() const {
    const base::UniqueFd writer(open(path.c_str(), O_WRONLY | O_NONBLOCK));
    for (const std::string& piece : {std::string(4096, '-'), "-"s})
      while (write(writer.get(), piece.data(), piece.size()) > 0) {
      }
  }
  /// What it has.
  std::string drain() const {
    std::string text, part(4096, '\0');
    for (ssize_t size = 0; (size = read(reader.get(), part.data(), part.size())) > 0;)
      text.append(part, 0, static_cast<std::size_t>(size));
    return text;
  }
};

/// Of lines that `log` has lost and not told.
std::uint64_t number(Log& log) {
  auto lost = log.take_lost_lines();
  const auto value = lost->load();
  log.set_lost_lines(std::move(lost));
  return value;
}

double seconds_of(const std::function<void()>& action) {
  const auto begin = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// The shortest time of some tries, each of which writes a line to `log` with this patience: a busy
/// machine may make a try longer.
double shortest_seconds(Log& log, std::chrono::milliseconds patience) {
  double shortest = 60;
  for (int tries = 0; tries < 10 && shortest >= 1; ++tries) {
    log.set_patience(patience);
    shortest = std::min(shortest, seconds_of([&] { log.write(Event("lost")); }));
  }
  return shortest;
}

/// Whether this thread has slept in `action`. Unlike its time, that does not depend on the load.
bool waits(const std::function<void()>& action) {
  const auto number_of_waits = [] {
    rusage used{};
    REQUIRE(getrusage(RUSAGE_THREAD, &used) == 0);
    return used.ru_nvcsw;
  };
  const auto before = number_of_waits();
  action();
  return number_of_waits() > before;
}

} // namespace

TEST_CASE("printable characters stay, all else becomes its hexadecimal number") {
  CHECK(escaped("abc-123_~!") == "abc-123_~!");
  CHECK(escaped("") == "");
  CHECK(escaped("a b") == "a\\x20b");
  CHECK(escaped("a\r\nevent=login") == "a\\x0d\\x0aevent=login");
  CHECK(escaped("\"\\") == "\\x22\\x5c");
  CHECK(escaped("\0\x1b\x7f\x80\xff"s) == "\\x00\\x1b\\x7f\\x80\\xff");
}

TEST_CASE("every octet of a client gives printable characters only") {
  for (int c = 0; c < 256; ++c) {
    const auto text = escaped(std::string(1, static_cast<char>(c)));
    CHECK(std::all_of(text.begin(), text.end(), [](char e) { return e > ' ' && e < 0x7f; }));
    CHECK((text.size() == 1 || text.size() == 4));
  }
}

TEST_CASE("a value longer than 256 octets is cut") {
  CHECK(escaped(std::string(255, 'a')).size() == 255);
  CHECK(escaped(std::string(256, 'a')).size() == 256);
  CHECK(escaped(std::string(257, 'a')).size() == 256);
  CHECK(escaped(std::string(1000, '\n')).size() == 4 * 256);
}

TEST_CASE("an event is its name and then key=value") {
  Event event("login-failed", Level::warning);
  event.with("reason", "wrong-password").with("user", "a b").with("count", 7u);
  CHECK(event.text() == "event=login-failed reason=wrong-password user=a\\x20b count=7");
  CHECK(event.level() == Level::warning);
}

TEST_CASE("an event is made with its reason, and with its problem if there is one") {
  const Event refused("refused", Level::warning, "max-connections-per-source");
  CHECK(refused.text() == "event=refused reason=max-connections-per-source");
  CHECK(refused.level() == Level::warning);
  Event failed("unavailable", Level::error, "maildir-failed", "no such file");
  CHECK(failed.with("user", "alice").text() ==
        "event=unavailable reason=maildir-failed problem=\"no such file\" user=alice");
  CHECK(Event("connect").level() == Level::info);
}

TEST_CASE("a log in a file gets one line an event, with time, program, process and context") {
  const support::ScratchDir scratch;
  auto log = Log::open(scratch.path("log"), "sodapopd");
  log.write(Event("connect"));
  log.set_context(" session=1f from=192.0.2.7");
  log.write(Event("login").with("user", "x\nevent=forged"));
  const std::regex wanted("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z sodapopd\\[" +
                          std::to_string(getpid()) +
                          "\\]: event=connect\n"
                          "[-0-9T:]+Z sodapopd\\[[0-9]+\\]: event=login "
                          "user=x\\\\x0aevent=forged session=1f from=192\\.0\\.2\\.7\n");
  CHECK(std::regex_match(text_of(scratch.path("log")), wanted));
}

TEST_CASE("a log file is made for its owner alone and appended to") {
  const support::ScratchDir scratch;
  const auto path = scratch.path("log");
  Log::open(path, "a").write(Event("one"));
  Log::open(path, "b").write(Event("two"));
  const auto text = text_of(path);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  struct stat facts {};
  REQUIRE(stat(path.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
}

TEST_CASE("a last line without an end is ended before the next line") {
  const support::ScratchDir scratch;
  const auto path = scratch.path("log");
  for (const std::string before : {"", "whole\n", "tor", "whole\ntor"}) {
    std::ofstream(path) << before;
    Log::open(path, "a").write(Event("one"));
    const auto text = text_of(path);
    const bool is_torn = before.ends_with("tor");
    CHECK(text.starts_with(before + (is_torn ? "\n2" : "2"))); // the year begins with 2
    CHECK(text.ends_with("event=one\n"));
  }
}

TEST_CASE("a log that cannot be opened throws, a symbolic link included") {
  const support::ScratchDir scratch;
  CHECK_THROWS_AS(Log::open(scratch.path("no/log"), "a"), std::system_error);
  boost::filesystem::create_symlink("target", scratch.path("link"));
  CHECK_THROWS_AS(Log::open(scratch.path("link"), "a"), std::system_error);
  CHECK_FALSE(boost::filesystem::exists(scratch.path("target")));
}

TEST_CASE("writing to a full disk or to no log at all does nothing") {
  Log().write(Event("lost"));
  CHECK(Log().fd() < 0);
  const auto full = Log::open("/dev/full", "a");
  full.write(Event("lost"));
  CHECK(full.fd() >= 0);
}

TEST_CASE("a log that is full is waited for once, and lost lines are told when it has room again") {
  Fifo fifo;
  auto log = Log::open(fifo.path, "a");
  log.set_lost_lines(support::make_lost_lines());
  log.set_patience(100ms);
  fifo.fill();
  CHECK(seconds_of([&] { log.write(Event("one")); }) >= 0.1);
  CHECK_FALSE(waits([&] { log.write(Event("two")); }));
  CHECK(number(log) == 2);
  fifo.drain();
  log.set_context(" session=1f");
  log.write(Event("three"));
  log.write(Event("four"));
  CHECK(number(log) == 0);
  const std::regex wanted("\n[^ ]+Z a\\[[0-9]+\\]: event=log-lost lines=2\n"
                          ".* event=three session=1f\n.* event=four session=1f\n");
  CHECK(std::regex_match(fifo.drain(), wanted));
}

TEST_CASE("the time that lines wait for a log is counted together") {
  Fifo fifo;
  auto log = Log::open(fifo.path, "a");
  fifo.fill();
  const auto shortest = shortest_seconds(log, 150ms);
  CHECK(shortest >= 0.15);
  CHECK(shortest < 1);
  CHECK_FALSE(waits([&] {
    for (int i = 0; i < 5; ++i)
      log.write(Event("lost"));
  }));
  log.set_patience(1ms);
  CHECK(waits([&] { log.write(Event("lost")); }));
  log.set_patience(0ms);
  CHECK_FALSE(waits([&] { log.write(Event("lost")); }));
}

TEST_CASE("a line is written when the reader comes in time") {
  Fifo fifo;
  auto log = Log::open(fifo.path, "a");
  log.set_lost_lines(support::make_lost_lines());
  log.set_patience(60s); // a busy machine may start the reader late
  fifo.fill();
  std::string lines;
  std::thread reader([&] {
    std::this_thread::sleep_for(50ms);
    lines = fifo.drain(); // the late line may be among them
  });
  log.write(Event("late"));
  reader.join();
  CHECK(number(log) == 0);
  CHECK((lines + fifo.drain()).find("event=late\n") != std::string::npos);
}

TEST_CASE("a line is lost to a FIFO that nothing reads, and a later reader gets the next ones") {
  const support::ScratchDir scratch;
  const auto path = scratch.path("fifo");
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  const auto before = signal(SIGPIPE, SIG_IGN);
  const auto log = Log::open(path, "a");
  log.write(Event("lost"));
  const Fifo fifo(path);
  log.write(Event("read"));
  CHECK(fifo.drain().find("event=read\n") != std::string::npos);
  signal(SIGPIPE, before);
}

TEST_CASE("a full pipe as standard error is waited for, and its flags stay") {
  const Fifo fifo;
  const base::UniqueFd shared(open(fifo.path.c_str(), O_WRONLY));
  const base::UniqueFd before(dup(2));
  REQUIRE(dup2(shared.get(), 2) == 2);
  auto log = Log::open("stderr", "a");
  dup2(before.get(), 2);
  fifo.fill();
  CHECK(shortest_seconds(log, 50ms) < 1);
  CHECK((fcntl(shared.get(), F_GETFL) & O_NONBLOCK) == 0);
  fifo.drain();
  log.write(Event("read"));
  CHECK(fifo.drain().find("event=read\n") != std::string::npos);
}

TEST_CASE("a part of a line that a full disk has left is lost, and does not spoil the next line") {
  const support::ScratchDir scratch;
  const auto path = scratch.path("log");
  std::ofstream(path) << std::string(999, '.') << '\n';
  const auto log = [&] {
    auto opened = Log::open(path, "a");
    opened.set_lost_lines(support::make_lost_lines());
    return opened;
  }();
  const auto before = signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &limit) == 0);
  const rlimit full{1020, limit.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &full) == 0);
  log.write(Event("torn"));
  log.write(Event("lost"));
  setrlimit(RLIMIT_FSIZE, &limit);
  signal(SIGXFSZ, before);
  log.write(Event("next"));
  const std::regex wanted("\\.+\n.{20}\n[^ ]+Z a\\[[0-9]+\\]: event=log-lost lines=2\n"
                          "[^ ]+Z a\\[[0-9]+\\]: event=next\n");
  CHECK(std::regex_match(text_of(path), wanted));
}

TEST_CASE("the descriptor of a log is not inherited") {
  const support::ScratchDir scratch;
  const auto log = Log::open(scratch.path("log"), "a");
  CHECK((fcntl(log.fd(), F_GETFD) & FD_CLOEXEC) != 0);
  CHECK((fcntl(Log::open("stderr", "a").fd(), F_GETFD) & FD_CLOEXEC) != 0);
}
