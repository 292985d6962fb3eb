// SPDX-License-Identifier: ISC
#include "base/log.hpp"

#include "support/scratch_dir.hpp"

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <ostream>
#include <regex>
#include <sys/stat.h>
#include <system_error>

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

TEST_CASE("the descriptor of a log is not inherited") {
  const support::ScratchDir scratch;
  const auto log = Log::open(scratch.path("log"), "a");
  CHECK((fcntl(log.fd(), F_GETFD) & FD_CLOEXEC) != 0);
  CHECK((fcntl(Log::open("stderr", "a").fd(), F_GETFD) & FD_CLOEXEC) != 0);
}
